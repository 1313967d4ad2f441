import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/api/client.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import { destructionTime, type Statement, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { seeded } from '../circuits/signer.ts';
import { inventNames, openStatement, publishGroup, START, startPlatform, type TestPlatform } from '../support/platform.ts';
import { signOnce } from '../support/recorded-entries.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';
import { type Committee, createCommittee, createGroup, createStatement, systemRandom, type TestGroup } from '../support/world.ts';
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
  committee = createCommittee(4, 2, random);
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
  await openStatement(platform.ctx, context.statement);
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
  const entry = await signOnce(context, key.key, group, member, said);
  await api.postSignature(context.id, { entry, salt: createListingSalt(systemRandom) });
}

const startFour = async () => [await start(1), await start(2), await start(3), await start(4)] as [Actor, Actor, Actor, Actor];
const runSeconds = async (actors: readonly Actor[], seconds: number) => {
  for (let second = 0; second < seconds; second++) {
    await runRounds(actors, 1);
    platform.clock.now += 1;
  }
};

it('four trustees make a key, mix and open what two signed, and destroy their shares, one of them killed on the way', async () => {
  const context = await open('revealed');
  let actors = await startFour();
  await runRounds(actors, 2);
  actors = await startFour(); // all at once are started again
  await runRounds(actors, 3);
  expect((await view(context)).state).toBe('open');

  await sign(context, 0);
  await publishCheckpoints(platform.ctx);
  await runRounds(actors, 2);
  expect(await view(context)).toMatchObject({ state: 'open', live: 1, waves: [], checkpoints: { head: 1, final: 1 } });

  await sign(context, 1);
  platform.clock.now += 60;
  await publishCheckpoints(platform.ctx);
  await runSeconds(actors.slice(1), 12); // the first one is down
  const revealed = await view(context);
  expect(revealed.state).toBe('revealed');
  expect(revealed.waves[0]?.names.flatMap(({ names }) => names.map((one) => ('name' in one ? one.name : ''))).sort()).toEqual([
    'Ada Lovelace',
    'Žofie Nováková',
  ]);

  const first = await start(1);
  await runSeconds([first], 6);
  const openers: number[] = [];
  for (let after = 0, isMore = true; isMore; ) {
    const { messages } = await api.listMessages(context.id, after);
    isMore = messages.length > 0;
    after = messages.at(-1)?.cursor ?? after;
    for (const one of messages) if ('message' in one && one.message.type === 'opening') openers.push(one.message.trustee);
  }
  expect(openers.sort()).toEqual([1, 2, 3, 4]);

  platform.clock.now = destructionTime(context.statement);
  await runRounds([first, ...actors.slice(1)], 2);
  expect((await view(context)).destroyedBy).toEqual([1, 2, 3, 4]);
  for (const actor of [first, ...actors.slice(1)])
    expect(readdirSync(path.join(actor.folder, 'statements', context.id)).sort()).toEqual([
      'journal.json',
      'receipts.log',
      'statement.json',
    ]);
});

it('one trustee alone opens nothing, and silence ends the next statement', async () => {
  platform.clock.now = START;
  const context = await open('fewer than k');
  const actors = await startFour();
  await runRounds(actors, 4);
  for (const member of [0, 1]) await sign(context, member);
  await publishCheckpoints(platform.ctx);
  await runRounds(actors.slice(0, 1), 3);
  expect((await view(context)).waves).toEqual([]);

  const author = { context, trustee: 1, seed: committee.seeds[0] as Uint8Array };
  await api.postMessage(context.id, signCosignature(author, { number: 1, hash: 'f'.repeat(64) }));
  const shown = await view(context);
  expect(shown.checkpoints.final).toBe(0);

  const silent = await open('silent');
  await runRounds(actors.slice(0, 3), 3);
  platform.clock.now = silent.statement.openBy + 1;
  await runRounds(actors.slice(0, 3), 2);
  expect(await view(silent)).toMatchObject({ state: 'aborted', blame: [{ trustee: 4, reason: 'SILENT' }] });
});
