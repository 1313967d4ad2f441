import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageList } from '#lib/api/shapes.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import { BASE, formatPoint, type PointText, type Scalar } from '#lib/protocol/numbers/point.ts';
import { makeOpening, type Opening, type Wave } from '#lib/protocol/reveal/opening.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { followBoard } from '#lib/server/board/follower.ts';
import type { Context } from '#lib/server/context.ts';
import { acceptMessageBytes, largestMessage } from '#lib/server/messages/accept-bytes.ts';
import { listMessages } from '#lib/server/messages/list.ts';
import { openStatement } from '#lib/server/statements/open.ts';
import type { ThreadPool } from '#lib/server/threads/thread-pool.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  prepareStatement,
  publishAndCosign,
  publishGroup,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { storeUncheckedSignatures } from '../support/unchecked-signatures.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

/** Openings of so many signatures are longer than what is read of any other message. */
const SIGNATURES = 1_700;
const SMALL = 256 * 1024;

let platform: TestPlatform;
let group: TestGroup;
let open: OpenStatement;
let wave: Wave;
const openings: Opening[] = [];

/** Puts signatures on the board as if their proofs had been checked, which here nobody looks at. */
async function sign(count: number): Promise<void> {
  const ephemerals: PointText[] = [];
  for (let point = BASE.double(); ephemerals.length < count; point = point.add(BASE)) ephemerals.push(formatPoint(point));
  await storeUncheckedSignatures(platform, open, group.id, 1, ephemerals);
  await publishAndCosign(platform, open, [1, 2]);
}

beforeAll(async () => {
  platform = await startPlatform();
  group = createGroup('Harbour pilots', inventNames(8), systemRandom);
  await publishGroup(platform, group);
  open = await openKeyedStatement(platform, [group], { count: 2 });
  await sign(SIGNATURES);
  const { number, checkpoint, items } = (await followBoard(platform.ctx, open.context)).waves[0]!;
  wave = { number, checkpoint, items };
  for (const author of open.key.authors) {
    const share = open.key.shares[author.trustee - 1] as Scalar;
    openings.push(makeOpening(author, open.key.keyed, share, wave, systemRandom));
  }
});
afterAll(() => platform?.stop());

/** What was asked of the threads, of those that work for strangers with a mark. */
let jobs: string[] = [];
const watch = (pool: ThreadPool, mark: string): ThreadPool => ({
  ...pool,
  run: (job, input) => {
    jobs.push(mark + job);
    return pool.run(job, input);
  },
});
const watched = (): Context => {
  const { ctx } = platform;
  return { ...ctx, threads: watch(ctx.threads, ''), strangers: watch(ctx.strangers, '?') };
};
const send = (message: unknown, ctx = watched()) => {
  jobs = [];
  const text = typeof message === 'string' ? message : canonicalJson(message as Json);
  return acceptMessageBytes(ctx, open.context.id, new TextEncoder().encode(text));
};
const refusedWith = (code: string) => expect.objectContaining({ code });
const openingOf = (trustee: number) => openings[trustee - 1] as Opening;

describe('a long message of a stranger', () => {
  it('is refused before anything else than its ends is looked at, unless it looks like an opening that is missing', async () => {
    const { signature, ...unsigned } = openingOf(1);
    const texts = {
      BAD_SHAPE: ['x'.repeat(SMALL + 1), canonicalJson(openingOf(1) as Json).padEnd(SMALL + 60_000), JSON.stringify(unsigned)],
      OTHER_STATEMENT: [canonicalJson({ ...openingOf(1), statement: 'ab'.repeat(32) } as Json)],
      UNKNOWN_TRUSTEE: [canonicalJson({ ...openingOf(1), trustee: 9 } as Json)],
      UNKNOWN_WAVE: [canonicalJson({ ...openingOf(1), wave: 2 } as Json)],
      BODY_TOO_LARGE: [
        canonicalJson({ ...openingOf(1), partials: [...openingOf(1).partials, 'x'.repeat(SMALL + 200 * SIGNATURES)] } as Json),
      ],
    };
    for (const [code, list] of Object.entries(texts))
      for (const text of list) {
        await expect(send(text)).rejects.toEqual(refusedWith(code));
        expect(jobs).toEqual([]);
      }
    expect(signature).toHaveLength(128);
  });

  it('in the name of a trustee costs the check of a signature, in a thread that does nothing else', async () => {
    await expect(send({ ...openingOf(1), trustee: 2 })).rejects.toEqual(refusedWith('TRUSTEE_SIGNATURE'));
    expect(jobs).toEqual(['?checkSignature']);
    const changed = { ...openingOf(1), partials: [...openingOf(1).partials].reverse() };
    await expect(send(changed)).rejects.toEqual(refusedWith('TRUSTEE_SIGNATURE'));
    expect(jobs).toEqual(['?checkSignature']);
  });

  it('keeps no name, roll or opening waiting, however many come, and a trustee that comes again is heard', async () => {
    const ctx = watched();
    const junk = canonicalJson({ ...openingOf(1), signature: 'ab'.repeat(64) } as Json);
    jobs = [];
    const bytes = new TextEncoder().encode(junk);
    let flooding = true;
    const outcomes = new Set<string>();
    const flood = Array.from({ length: 40 }, async () => {
      while (flooding)
        await acceptMessageBytes(ctx, open.context.id, bytes).catch(({ code }) => {
          outcomes.add(code);
        });
    });
    const scope = open.context.scope;
    expect(await ctx.threads.run('openSeals', { scope, seals: [], partials: [] })).toEqual([]);
    const honest = new TextEncoder().encode(canonicalJson(openingOf(1) as Json));
    for (let isTaken = false; !isTaken; )
      isTaken = await acceptMessageBytes(ctx, open.context.id, honest).then(
        ({ isNew }) => isNew,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'BUSY', retryAfterSeconds: 3 });
          return false;
        },
      );
    flooding = false;
    await Promise.all(flood);
    outcomes.delete('MESSAGE_CONFLICT'); // to those that came after the opening was taken
    expect(outcomes).toEqual(new Set(['BUSY', 'TRUSTEE_SIGNATURE']));
    await expect(acceptMessageBytes(ctx, open.context.id, bytes)).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    expect(jobs.filter((job) => !job.startsWith('?'))).toEqual(['openSeals', 'receiveMessage', 'checkOpening']);
  });
});

describe('a long opening', () => {
  it('is not looked at again once its author has one that holds, and a repetition changes nothing', async () => {
    expect(await send(openingOf(1))).toEqual({ isNew: false });
    expect(jobs).toEqual([]);
    const another = makeOpening(open.key.authors[0]!, open.key.keyed, open.key.shares[0] as Scalar, wave, systemRandom);
    await expect(send(another)).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    expect(jobs).toEqual([]);
  });

  it('that is wrong is kept as evidence, one at a time, and the right one still counts', async () => {
    const make = () => makeOpening(open.key.authors[1]!, open.key.keyed, open.key.shares[0] as Scalar, wave, systemRandom);
    const wrong = [make(), make()];
    const outcomes = await Promise.allSettled(wrong.map((one) => send(one)));
    const taken = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(outcomes[taken]).toMatchObject({ value: { isNew: true } });
    expect(outcomes[1 - taken]).toMatchObject({ reason: { code: 'BUSY' } });
    await expect(send(wrong[1 - taken])).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    expect(await send(wrong[taken])).toEqual({ isNew: false });
    expect(await send(openingOf(2))).toEqual({ isNew: true });
    const { messages } = JSON.parse(await listMessages(platform.ctx, open.context.id, { after: 0, epoch: null })) as MessageList;
    expect(messages.map(({ message }) => message)).toEqual(expect.arrayContaining([wrong[taken], openingOf(2)]));
  });

  it('is read only as long as one of that length is missing, and to that length', async () => {
    const { id } = open.context;
    const long = SMALL + 200 * SIGNATURES;
    expect(await largestMessage(platform.ctx, id, null)).toBe(long);
    expect(await largestMessage(platform.ctx, id, SMALL + 1)).toBe(long);
    expect(await largestMessage(platform.ctx, id, 1_000)).toBe(SMALL);
    await send(openingOf(3));
    expect(await largestMessage(platform.ctx, id, null)).toBe(SMALL);
    await expect(largestMessage(platform.ctx, id, SMALL + 1)).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    expect(await largestMessage(platform.ctx, id, long + 1)).toBe(SMALL);
    const unsigned = await openKeyedStatement(platform, [group], { count: 3 });
    expect(await largestMessage(platform.ctx, unsigned.context.id, null)).toBe(SMALL);
    const { context } = prepareStatement(platform, [group], { count: 3 });
    const { id: keying } = await openStatement(platform.ctx, context.statement);
    expect(await largestMessage(platform.ctx, keying, SMALL + 1)).toBe(SMALL);
    platform.clock.now = destructionTime(open.context.statement);
    expect(await largestMessage(platform.ctx, id, SMALL + 1)).toBe(SMALL);
    platform.clock.now = START;
  });
});
