import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { and, eq, sql } from '#db/drizzle.cjs';
import { entries, statements } from '#db/schema/board.ts';
import { rolls } from '#db/schema/membership.ts';
import { mixLists, trusteeMessages } from '#db/schema/messages.ts';
import { openedEntries, revealedNames } from '#db/schema/reveal.ts';
import { signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { readForCommittee } from '#lib/server/board/read-committee.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { listMessages } from '#lib/server/messages/list.ts';
import { streamRecord } from '#lib/server/record/stream.ts';
import { findRecordSeal } from '#lib/server/statements/find-seal.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { startTicker, type Ticker } from '#lib/server/ticker.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  postEntry,
  publishAndCosign,
  publishGroup,
  publishRollOf,
  readWholeBoard,
  START,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { mixWave, openingOf, revealByTrustees } from '../support/reveal.ts';
import { createGroup, nextRoll, type TestGroup } from '../support/world.ts';

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(100);
}

describe('the clock of the platform', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  /** Two have signed in it; both are opened. */
  let open: OpenStatement;
  /** One wave is mixed, and opened by one of the two that it takes; one more signature is in none. */
  let unopened: OpenStatement;
  let ticker: Ticker;
  beforeAll(async () => {
    platform = await startPlatform({ seed: 'ticker' });
    group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 2 });
    unopened = await openKeyedStatement(platform, [group], { count: 2 });
    ticker = startTicker(platform.ctx);
  });
  afterAll(async () => {
    await ticker?.stop();
    await platform?.stop();
  });

  const head = async ({ context }: OpenStatement) => (await readWholeBoard(platform.ctx, context.id)).length;
  const sign = (of: OpenStatement, member: number) => signOn(of, group, member);
  const names = async () => (await getStatementView(platform.ctx, open.context.id)).waves[0]?.names ?? [];
  const nameTexts = async () => (await names()).flatMap((line) => line.names.map((one) => ('name' in one ? one.name : null))).sort();
  const capsules = async () => {
    const [row] = await platform.ctx.db
      .select()
      .from(rolls)
      .where(eq(rolls.hash, rollHash(group.header)));
    return row?.capsules ?? null;
  };

  it('publishes what waits, at most one checkpoint a second', async () => {
    const [first, second] = [await sign(open, 0), await sign(open, 1)];
    await postEntry(platform.ctx, first);
    await until(async () => (await head(open)) === 1);
    await postEntry(platform.ctx, second);
    await sleep(1_500); // the test's own clock stands still, so this second never ends
    expect(await head(open)).toBe(1);
    platform.clock.now++;
    await until(async () => (await head(open)) === 2);
  });

  it('computes the names that a crash has left out', async () => {
    await publishAndCosign(platform, open, [1, 2, 3]);
    await revealByTrustees(platform, open, [3, 1], [2, 4]);
    expect(await nameTexts()).toEqual(inventNames(2));
    await platform.ctx.db.delete(revealedNames);
    await until(async () => (await names()).length > 0);
    expect(await nameTexts()).toEqual(inventNames(2));
  });

  it('erases what never became public when the time is over, and not before', async () => {
    const { ctx, clock } = platform;
    const { id, statement } = unopened.context;
    for (const member of [2, 3]) {
      await postEntry(ctx, await sign(unopened, member));
      await until(async () => (await head(unopened)) === member - 1);
      clock.now++;
    }
    await publishAndCosign(platform, unopened, [2, 3, 4]);
    const { setting, chain } = await mixWave(platform, unopened, [1, 4]);
    await acceptMessage(ctx, id, openingOf(unopened, setting, chain, 3));
    await postEntry(ctx, await sign(unopened, 4));
    await until(async () => (await head(unopened)) === 3);
    const board = await readWholeBoard(ctx, id);

    clock.now = destructionTime(statement) - 1;
    await eraseUnopened(ctx); // what the clock does at each turn
    expect(await countRows(id)).toEqual({ entries: 3, openedEntries: 0, mixLists: 2, mixes: 2, openings: 1 });
    expect(await countRows(open.context.id)).toEqual({ entries: 2, openedEntries: 2, mixLists: 2, mixes: 2, openings: 2 });
    clock.now = destructionTime(statement);
    await until(async () => (await getStatementView(ctx, id)).isErased && (await getStatementView(ctx, open.context.id)).isErased);
    expect(await countRows(id)).toEqual({ entries: 0, openedEntries: 0, mixLists: 0, mixes: 0, openings: 0 });
    expect(await countRows(open.context.id)).toEqual({ entries: 0, openedEntries: 2, mixLists: 2, mixes: 2, openings: 2 });
    expect(await readWholeBoard(ctx, id)).toEqual(board);
    expect(await getStatementView(ctx, id)).toMatchObject({ live: 3, waves: [{ number: 1, isOpened: false, size: null, names: [] }] });
    expect(await listMessages(ctx, id, { after: 0, epoch: null }, 'committee')).not.toMatch(/"(mix|opening|mix-list)"/);
    expect(await nameTexts()).toEqual(inventNames(2));
  });

  it('does it for every statement, also for one whose board cannot be read any more, and whatever is wrong with another', async () => {
    const { ctx, clock } = platform;
    clock.now = START;
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const [torn, whole] = [
      await openKeyedStatement(platform, [group], { count: 2 }),
      await openKeyedStatement(platform, [group], { count: 2 }),
    ];
    for (const one of [torn, whole]) await postEntry(ctx, await sign(one, 5));
    await until(async () => (await head(torn)) === 1 && (await head(whole)) === 1);
    clock.now++;
    await postEntry(ctx, await sign(torn, 6));
    await until(async () => (await head(torn)) === 2);
    await ctx.db.delete(entries).where(and(eq(entries.statement, torn.context.id), eq(entries.checkpoint, 1)));
    ctx.memo.followers.delete(torn.context.id);
    const wrong = { id: 'cd'.repeat(32), body: sql`'{}'`, headers: [], trustees: 4, openBy: 1, destroyAt: 2 };
    await ctx.db.insert(statements).values(wrong);
    clock.now = destructionTime(whole.context.statement);
    for (const { context } of [whole, torn]) await until(async () => (await countRows(context.id)).entries === 0);
    expect(log).toHaveBeenCalled();
    await ctx.db.delete(statements).where(eq(statements.id, wrong.id));
    log.mockRestore();
  });

  it('keeps capsules until the names of every opened wave have been read out of them (T62)', async () => {
    await ticker.stop();
    const { ctx } = platform;
    await ctx.db.delete(revealedNames);
    await publishRollOf(platform, nextRoll(group, group.members.slice(1)));
    expect(await capsules()).toEqual(group.capsules);
    ticker = startTicker(ctx);
    await until(async () => (await capsules()) === null);
    expect(await nameTexts()).toEqual(inventNames(2));
  });

  it('finds the hash of a record once nothing can come to it any more', async () => {
    const { id } = open.context;
    const setting = (await getStatementView(platform.ctx, id)).waves.map(({ number, content }) => ({ number, content, opened: true }));
    for (const author of open.key.authors)
      await acceptMessage(platform.ctx, id, signDestroyed(author, { waves: setting }, platform.clock.now));
    await until(async () => (await findRecordSeal(platform.ctx, { id })) !== null);
    let last = '';
    for await (const line of streamRecord(platform.ctx, id)) last = line;
    expect(JSON.parse(last)).toMatchObject({ ...(await findRecordSeal(platform.ctx, { id })) });
  });

  async function countRows(id: string) {
    const { db } = platform.ctx;
    const [all, opened, lists, messages] = await Promise.all([
      db.select().from(entries).where(eq(entries.statement, id)),
      db.select().from(openedEntries).where(eq(openedEntries.statement, id)),
      db.select().from(mixLists).where(eq(mixLists.statement, id)),
      db.select({ type: trusteeMessages.type }).from(trusteeMessages).where(eq(trusteeMessages.statement, id)),
    ]);
    const ofType = (type: string) => messages.filter((row) => row.type === type).length;
    return { entries: all.length, openedEntries: opened.length, mixLists: lists.length, mixes: ofType('mix'), openings: ofType('opening') };
  }
});

describe('a clock of the platform that jumps', () => {
  it('dates and erases nothing, loudly, until the clock of a trustee says the same', async () => {
    const platform = await startPlatform({ seed: 'ticker', monotonic: () => START });
    const { ctx, clock } = platform;
    const group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    const { context, key } = await openKeyedStatement(platform, [group], { count: 2 });
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    clock.now = destructionTime(context.statement);
    const ticker = startTicker(ctx);
    await until(async () => log.mock.calls.flat().join().includes('nothing is published or erased'));
    await ticker.stop();
    const isErased = async () => (await getStatementView(ctx, context.id)).isErased;
    expect(await isErased()).toBe(false);
    const request = signCommitteeRequest({ ...key.authors[0]!, context }, { want: 'messages', after: 0 }, clock.now);
    await readForCommittee(ctx, context.id, request);
    const agreeing = startTicker(ctx);
    await until(isErased);
    await agreeing.stop();
    log.mockRestore();
    await platform.stop();
  });
});
