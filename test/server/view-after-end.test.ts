import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { signDestroyed } from '#lib/protocol/reveal/destruction.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { type Context, createContext } from '#lib/server/context.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { streamRecord } from '#lib/server/record/stream.ts';
import { findRecordSeal, findUnsealed, sealRecord } from '#lib/server/statements/find-seal.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  postEntry,
  publishAndCosign,
  publishGroup,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, PLATFORM_SEED } from '../support/world.ts';

/** Two have signed where three are needed, and the time is over. */
describe('a statement at its end', () => {
  let platform: TestPlatform;
  /** A second web process on the same database. */
  let second: Context;
  let open: OpenStatement;

  beforeAll(async () => {
    platform = await startPlatform({ seed: 'view after end' });
    const { databaseUrl, clock } = platform;
    const settings = {
      databaseUrl,
      publicUrl: 'https://platform.example',
      newIssuers: 'anybody' as const,
      trial: false,
      graceMargin: 5,
      signingSeed: PLATFORM_SEED,
    };
    second = await createContext({ ...settings, trustees: [], now: () => clock.now });
    const group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
    for (const member of [0, 1]) await postEntry(platform.ctx, await signOn(open, group, member));
    await publishAndCosign(platform, open, [1, 2, 3]);
    clock.now = destructionTime(open.context.statement);
  });
  afterAll(async () => {
    await second?.close();
    await platform?.stop();
  });

  it('is never shown without its signatures, whenever another process erases the entries', async () => {
    const { id } = open.context;
    const { ctx } = platform;
    expect((await getStatementView(ctx, id)).live).toBe(2);
    // Between the reading of the statement and the counting of its entries, the board is read: the other process gets in there.
    let erased = false;
    const turn = Promise.resolve();
    const meanwhile = {
      // biome-ignore lint/suspicious/noThenProperty: it stands for the promise that readers of one board wait for
      then: (...waiting: Parameters<typeof turn.then>) =>
        eraseUnopened(second)
          .then(() => {
            erased = true;
          })
          .then(...waiting),
    } as unknown as Promise<unknown>;
    const follower = ctx.memo.followers.get(id);
    if (!follower) throw new Error('nobody follows the board');
    follower.turn = meanwhile;
    const view = await getStatementView(ctx, id);
    expect(erased).toBe(true);
    expect(view).toMatchObject({ live: 2, state: 'unvouched', waves: [] });
  });

  it('has a record with one hash only once every trustee has said its last word', async () => {
    const { ctx, clock } = platform;
    const { id } = open.context;
    const sealNow = async () => {
      for (const unsealed of await findUnsealed(ctx)) await sealRecord(ctx, unsealed);
      return findRecordSeal(ctx, { id });
    };
    const [first, ...others] = open.key.authors;
    const last = others.pop()!;
    const say = (author: Author, time = clock.now) => acceptMessage(ctx, id, signDestroyed(author, { waves: [] }, time));
    await say(first!);
    await say(first!, clock.now + 1); // it contradicts itself, which is kept as evidence and stands for nobody else's word
    for (const author of others) await say(author);
    expect(await sealNow()).toBeNull();
    await say(last);
    clock.now--;
    expect(await findUnsealed(ctx)).toEqual([]);
    clock.now++;
    expect(await findUnsealed(ctx)).toEqual([id]);
    // Whoever looks computes nothing, and waits for nobody who does.
    expect(await findRecordSeal(ctx, { id })).toBeNull();
    expect(await findRecordSeal(ctx, { id })).toBeNull();
    expect(await findUnsealed(second)).toEqual([id]);
    const seal = await sealNow();
    expect(seal).not.toBeNull();
    expect(await findUnsealed(second)).toEqual([]);
    expect(await findRecordSeal(second, { id })).toEqual(seal);
    clock.now += 1_000;
    const lines: string[] = [];
    for await (const line of streamRecord(second, id)) lines.push(line);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ type: 'end', ...seal! });
    expect(seal?.lines).toBe(lines.length - 1);
  });
});
