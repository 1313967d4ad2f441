import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/api/client.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { signCosignature } from '#lib/protocol/board/board.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import { destructionTime, type Statement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { seeded } from '../circuits/signer.ts';
import { inventNames, publishGroup, START, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';
import { type Committee, createCommittee, createGroup, createStatement, type TestGroup } from '../support/world.ts';
import { signOnce } from './entries.ts';
import { type Actor, runRounds, startActor } from './stage.ts';

// Trustees as they are in production, on the routes of the real platform and its real database; only the sockets are left out.
let platform: TestPlatform;
let api: Api;
let group: TestGroup;
let committee: Committee;
let folder: string;
beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  api = createApi(ORIGIN, fetchFrom(await loadRoutes()).fetch);
  const random = seeded('real platform');
  group = createGroup('Harbour pilots', ['Ada Lovelace', 'Žofie Nováková', ...inventNames(6)], random);
  committee = createCommittee(3, 2, random);
  await publishGroup(platform, group);
  folder = mkdtempSync(path.join(tmpdir(), 'trustees-'));
});
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(nonce: string, change: Partial<Statement> = {}): Promise<StatementContext> {
  const { verificationKey, transcript } = currentKey(platform.ctx.manifest);
  const context = createStatement([group], committee, { count: 2 }, { verificationKey, setup: transcript, random: seeded(nonce), change });
  await api.openStatement(context.statement);
  return context;
}

const start = (trustee: number) => {
  const { ctx, clock } = platform;
  const random = seeded(`real trustee ${trustee}`);
  return startActor({ folder, committee, trustee, api, now: () => clock.now, random, manifest: ctx.manifest, graceMargin: 60 });
};
const view = (context: StatementContext) => getStatementView(platform.ctx, context.id);

async function sign(context: StatementContext, member: number): Promise<void> {
  const { key } = await view(context);
  if (key.status !== 'keyed') throw new Error('not keyed');
  const said: Said = { action: 'sign', group: group.id };
  await api.postSignature(context.id, await signOnce(context, key.key, group, member, said));
}

it('three trustees make a key, open what two signed, and destroy their shares, one of them killed on the way', async () => {
  const context = await open('revealed');
  let actors: Actor[] = [await start(1), await start(2), await start(3)];
  await runRounds(actors, 2);
  expect((await view(context)).state).toBe('keying');
  actors = [await start(1), await start(2), await start(3)]; // all at once are started again
  await runRounds(actors, 3);
  expect((await view(context)).state).toBe('open');

  await sign(context, 0);
  await publishCheckpoints(platform.ctx, platform.clock.now);
  await runRounds(actors, 2);
  expect(await view(context)).toMatchObject({ state: 'open', live: 1, waves: [], checkpoints: { head: 1, final: 1 } });

  await sign(context, 1);
  platform.clock.now += 60;
  await publishCheckpoints(platform.ctx, platform.clock.now);
  const [, second, third] = actors as [Actor, Actor, Actor];
  await runRounds([second, third], 3); // the first one is down
  const revealed = await view(context);
  expect(revealed.state).toBe('revealed');
  expect(revealed.waves).toMatchObject([{ number: 1, size: 2, openedBy: [2, 3] }]);
  expect(revealed.waves[0]?.names.map((name) => ('name' in name ? name.name : '')).sort()).toEqual(['Ada Lovelace', 'Žofie Nováková']);

  const first = await start(1);
  await runRounds([first], 2);
  expect((await view(context)).waves[0]?.openedBy).toEqual([1, 2, 3]);

  platform.clock.now = destructionTime(context.statement);
  await runRounds([first, second, third], 2);
  expect((await view(context)).destroyedBy).toEqual([1, 2, 3]);
  for (const actor of [first, second, third])
    expect(readdirSync(path.join(actor.folder, 'statements', context.id)).sort()).toEqual(['journal.json', 'statement.json']);
});

it('one trustee alone opens nothing, its fork is shown with its name, and silence ends the next statement', async () => {
  platform.clock.now = START;
  const context = await open('fewer than k');
  const actors = [await start(1), await start(2), await start(3)];
  await runRounds(actors, 4);
  for (const member of [0, 1]) await sign(context, member);
  await publishCheckpoints(platform.ctx, platform.clock.now);
  await runRounds(actors.slice(0, 1), 3);
  expect((await view(context)).waves).toEqual([]);

  const forged = { number: 1, hash: 'f'.repeat(64), time: START };
  const cosignature = signCosignature(context, 1, forged, committee.seeds[0] as Uint8Array);
  await api.postMessage(context.id, cosignature);
  const shown = await view(context);
  expect(shown.evidence.map(({ trustee }) => trustee)).toEqual([1]);
  expect(shown.checkpoints.final).toBe(0);

  const silent = await open('silent');
  await runRounds(actors.slice(0, 2), 3);
  platform.clock.now = silent.statement.openBy + 1;
  await runRounds(actors.slice(0, 2), 2);
  expect(await view(silent)).toMatchObject({ state: 'aborted', blame: [{ trustee: 3, reason: 'SILENT' }] });
});
