import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revealedNames } from '#db/schema.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { makeOpening } from '#lib/protocol/reveal/opening.ts';
import { destructionTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { followBoard } from '#lib/server/board/follower.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { streamRecord } from '#lib/server/record/stream.ts';
import { acceptSignature } from '#lib/server/signatures/accept.ts';
import { findRecordSeal } from '#lib/server/statements/find-seal.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { startTicker, type Ticker } from '#lib/server/ticker.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishAndCosign,
  publishGroup,
  readWholeBoard,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, signForReal, systemRandom, type TestGroup } from '../support/world.ts';

describe('the clock of the platform', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let ticker: Ticker;
  beforeAll(async () => {
    platform = await startPlatform();
    group = createGroup('Harbour pilots', inventNames(8), systemRandom);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 2 });
    ticker = startTicker(platform.ctx);
  });
  afterAll(async () => {
    await ticker?.stop();
    await platform?.stop();
  });

  async function until(done: () => Promise<boolean>): Promise<void> {
    while (!(await done())) await sleep(100);
  }
  const head = async () => (await readWholeBoard(platform.ctx, open.context.id)).length;

  it('publishes what waits, at most one checkpoint a second', async () => {
    const said = { action: 'sign' as const, group: group.id };
    const sign = (member: number) => signForReal(open.context, open.key.keyed.key, group, member, said, systemRandom);
    const [first, second] = [await sign(0), await sign(1)];
    await acceptSignature(platform.ctx, open.context.id, first);
    await until(async () => (await head()) === 1);
    await acceptSignature(platform.ctx, open.context.id, second);
    await sleep(1_500); // the test's own clock stands still, so this second never ends
    expect(await head()).toBe(1);
    platform.clock.now++;
    await until(async () => (await head()) === 2);
  });

  it('computes the names that a crash has left out', async () => {
    await publishAndCosign(platform, open, [1, 2]);
    const [wave] = (await followBoard(platform.ctx, open.context)).waves;
    const { number, checkpoint, items } = wave!;
    for (const author of open.key.authors.slice(0, 2)) {
      const share = open.key.shares[author.trustee - 1]!;
      await acceptMessage(
        platform.ctx,
        open.context.id,
        makeOpening(author, open.key.keyed, share, { number, checkpoint, items }, systemRandom),
      );
    }
    await platform.ctx.db.delete(revealedNames);
    const names = async () => (await getStatementView(platform.ctx, open.context.id)).waves[0]?.names ?? [];
    await until(async () => (await names()).length > 0);
    expect((await names()).map((signer) => 'name' in signer && signer.name).sort()).toEqual(inventNames(2));
  });

  it('erases what was never opened when the time is over, and not before', async () => {
    const lonely = await openLonelyStatement();
    const typesOf = async (id: string) => (await readWholeBoard(platform.ctx, id)).flatMap(({ bodies }) => bodies.map(({ type }) => type));
    platform.clock.now = destructionTime(lonely.statement) - 1;
    await eraseUnopened(platform.ctx); // what the clock does at each turn
    expect(await typesOf(lonely.id)).toEqual(['entry']);
    platform.clock.now = Math.max(...[lonely, open.context].map(({ statement }) => destructionTime(statement)));
    await until(async () => (await typesOf(lonely.id))[0] === 'stub');
    expect(await typesOf(open.context.id)).toEqual(['entry', 'entry']); // they are in a wave
  });

  it('finds the hash of a record once nothing can come to it any more', async () => {
    const { id } = open.context;
    for (const author of open.key.authors) await acceptMessage(platform.ctx, id, signDestroyed(author, platform.clock.now));
    await until(async () => (await findRecordSeal(platform.ctx, { id })) !== null);
    let last = '';
    for await (const line of streamRecord(platform.ctx, id)) last = line;
    expect(JSON.parse(last)).toMatchObject({ ...(await findRecordSeal(platform.ctx, { id })) });
  });

  /** A second statement with one signature, which its trigger does not cover. */
  async function openLonelyStatement(): Promise<StatementContext> {
    platform.clock.now = 1_800_000_900;
    const lonely = await openKeyedStatement(platform, [group], { count: 2 });
    const said = { action: 'sign' as const, group: group.id };
    await acceptSignature(
      platform.ctx,
      lonely.context.id,
      await signForReal(lonely.context, lonely.key.keyed.key, group, 2, said, systemRandom),
    );
    await until(async () => (await readWholeBoard(platform.ctx, lonely.context.id)).length === 1);
    return lonely.context;
  }
});
