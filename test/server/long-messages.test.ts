import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitteeMessages, MessageList } from '#lib/api/shapes.ts';
import type { Author } from '#lib/protocol/key/key-generation.ts';
import { canonicalJson, type Json } from '#lib/protocol/messages/json.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import type { MixSetting, MixStep } from '#lib/protocol/reveal/mix.ts';
import { mixLines } from '#lib/protocol/reveal/mix-lines.ts';
import { makeOpening, type Opening } from '#lib/protocol/reveal/opening.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import type { Context } from '#lib/server/context.ts';
import { acceptMessageBytes } from '#lib/server/messages/accept-bytes.ts';
import { judgeMixAuthor } from '#lib/server/messages/accept-mix.ts';
import { largestMessage } from '#lib/server/messages/largest-message.ts';
import { listMessages } from '#lib/server/messages/list.ts';
import type { ThreadPool } from '#lib/server/threads/thread-pool.ts';
import {
  type OpenStatement,
  openKeyedStatement,
  openStatement,
  prepareStatement,
  publishAndCosign,
  publishCrowd,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { endOf, openingOf as makeOpeningOf, mixBy, settingOf, stepBytes } from '../support/reveal.ts';
import { storeUncheckedSignatures } from '../support/unchecked-signatures.ts';
import { systemRandom, type TestGroup } from '../support/world.ts';

/** Openings of so many signatures are longer than what is read of any other message. */
const SIGNATURES = 1_700;
const SMALL = 256 * 1024;

let platform: TestPlatform;
let group: TestGroup;
let open: OpenStatement;
let setting: MixSetting;
let chain: MixStep[];
const openings: Opening[] = [];
const author = (trustee: number) => open.key.authors[trustee - 1] as Author;

beforeAll(async () => {
  platform = await startPlatform();
  group = await publishCrowd(platform, 'Harbour pilots', SIGNATURES);
  open = await openKeyedStatement(platform, [group], { count: 2 }, { grace: 50_000 });
  await storeUncheckedSignatures(platform, open, group.id, 1, SIGNATURES);
  await publishAndCosign(platform, open, [1, 2, 3]);
  setting = await settingOf(platform, open);
  chain = mixBy(setting, [author(1), author(2)]);
  for (const trustee of [1, 2]) openings.push(makeOpeningOf(open, setting, chain, trustee));
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
const sendBytes = (bytes: Uint8Array, ctx = watched()) => {
  jobs = [];
  return acceptMessageBytes(ctx, open.context.id, bytes);
};
const send = (message: unknown, ctx = watched()) =>
  sendBytes(new TextEncoder().encode(typeof message === 'string' ? message : canonicalJson(message as Json)), ctx);
const refusedWith = (code: string) => expect.objectContaining({ code });
const openingOf = (trustee: number) => openings[trustee - 1] as Opening;
const step = (place: number) => chain[place - 1] as MixStep;
/** All messages, as the committee reads them page by page. */
async function readPages(): Promise<string[]> {
  const pages: string[] = [];
  for (let after = 0; ; ) {
    const text = await listMessages(platform.ctx, open.context.id, { after, epoch: null }, 'committee');
    const { messages } = JSON.parse(text) as CommitteeMessages;
    if (messages.length === 0) return pages;
    pages.push(text);
    after = messages.at(-1)!.cursor;
  }
}
/** A step whose lists nobody could read. */
const unreadable = ({ mix }: Pick<MixStep, 'mix'>) => `${canonicalJson(mix as Json)}\n${'x'.repeat(SMALL)}\n`;

describe('a long step (T20)', () => {
  it('of a stranger is refused by its first line: not a byte of a list is looked at', async () => {
    const { mix } = step(1);
    const texts: [string, string][] = [
      [unreadable({ mix: { ...mix, signature: 'ab'.repeat(64) } }), 'TRUSTEE_SIGNATURE'],
      [unreadable({ mix: { ...mix, trustee: 2 } }), 'TRUSTEE_SIGNATURE'],
      [unreadable({ mix: { ...mix, trustee: 9 } }), 'UNKNOWN_TRUSTEE'],
      [unreadable({ mix: { ...mix, statement: 'ab'.repeat(32) } }), 'OTHER_STATEMENT'],
      [`no\n${'x'.repeat(SMALL)}`, 'NOT_JSON'],
      [`{}\n${'x'.repeat(SMALL)}`, 'BAD_SHAPE'],
    ];
    for (const [text, code] of texts) {
      await expect(send(text)).rejects.toEqual(refusedWith(code));
      const first = new TextEncoder().encode(text.slice(0, text.indexOf('\n')));
      await expect(judgeMixAuthor(watched(), open.context.id, first)).rejects.toEqual(refusedWith(code)); // while the rest is on its way
      expect(jobs).toEqual([]);
    }
    await judgeMixAuthor(watched(), open.context.id, new TextEncoder().encode(canonicalJson(mix as Json)));
  });

  it('of a trustee too, where it is of no wave, has no place in it or is longer than any could be', async () => {
    const elsewhere = mixBy({ ...setting, content: 'ab'.repeat(32), start: startOfOne() }, [author(3)])[0] as MixStep;
    await expect(send(unreadable(elsewhere))).rejects.toEqual(refusedWith('UNKNOWN_WAVE'));
    await expect(send(unreadable(step(2)))).rejects.toEqual(refusedWith('MESSAGE_EARLY'));
    const long = `${canonicalJson(step(1).mix as Json)}\n${'x'.repeat(SMALL + 1_200 * SIGNATURES)}\n`;
    await expect(send(long)).rejects.toEqual(refusedWith('BODY_TOO_LARGE'));
    expect(jobs).toEqual([]);
    await expect(send(unreadable(step(1)))).rejects.toEqual(refusedWith('NOT_JSON'));
    expect(jobs).toEqual(['checkMix']);
  });

  it('is read one at a time of each author, so that nobody keeps another waiting', async () => {
    const gate = Promise.withResolvers<void>();
    const slow: ThreadPool['run'] = async () => {
      await gate.promise;
      throw Object.assign(new Error('stopped'), { code: 'STOPPED' });
    };
    const ctx = { ...platform.ctx, threads: { ...platform.ctx.threads, run: slow } };
    const other = mixBy({ ...setting, start: startOfOne() }, [author(4)])[0] as MixStep;
    const codes = [step(1), step(1), other].map((one) =>
      send(unreadable(one), ctx).then(
        () => 'taken',
        ({ code }) => code as string,
      ),
    );
    expect(await Promise.race(codes)).toBe('BUSY'); // one of the first two, while the others are read
    gate.resolve();
    const [one, same, third] = await Promise.all(codes);
    expect([[one, same].sort(), third]).toEqual([['BUSY', 'STOPPED'], 'STOPPED']);
  });

  it('is taken with its lists, and is as long as the limit allows', async () => {
    for (const one of chain) {
      expect(stepBytes(one).length).toBeLessThan(1_200 * SIGNATURES);
      expect(await sendBytes(stepBytes(one))).toMatchObject({ isNew: true });
      expect(jobs).toEqual(['checkMix']);
      expect(await sendBytes(stepBytes(one))).toMatchObject({ isNew: false });
      expect(jobs).toEqual([]);
    }
  });

  it('stands in a list with at most so much beside it, so that no answer holds more than one', async () => {
    const pages = await readPages();
    const longest = Math.max(...chain.map((one) => mixLines(one).join('').length));
    for (const page of pages) expect(page.length).toBeLessThan(4_000_000 + 2 * longest);
    for (const one of chain) expect(pages.filter((page) => page.includes(mixLines(one)[1] as string))).toHaveLength(1);
    const shown = await listMessages(platform.ctx, open.context.id, { after: 0, epoch: null }, 'public');
    expect(shown.length).toBeLessThan(200_000);
    expect((JSON.parse(shown) as MessageList).messages.slice(-2)).toMatchObject(
      [1, 2].map((place) => ({ withheld: { type: 'mix', step: place } })),
    );
  });

  /** Where it does not matter what is shuffled. */
  function startOfOne(): MixSetting['start'] {
    return setting.start.map((list) => ({ ...list, items: list.items.slice(0, 1) }));
  }
});

describe('a long opening of a stranger (T20)', () => {
  it('is refused before anything else than its ends is looked at, unless it looks like an opening that is missing', async () => {
    const { signature, ...unsigned } = openingOf(1);
    const texts = {
      BAD_SHAPE: ['x'.repeat(SMALL + 1), canonicalJson(openingOf(1) as Json).padEnd(SMALL + 60_000), JSON.stringify(unsigned)],
      OTHER_STATEMENT: [canonicalJson({ ...openingOf(1), statement: 'ab'.repeat(32) } as Json)],
      UNKNOWN_TRUSTEE: [canonicalJson({ ...openingOf(1), trustee: 9 } as Json)],
      UNKNOWN_WAVE: [canonicalJson({ ...openingOf(1), wave: 2 } as Json)],
      BODY_TOO_LARGE: [canonicalJson({ ...openingOf(1), lists: [...openingOf(1).lists, 'x'.repeat(SMALL + 200 * SIGNATURES)] } as Json)],
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
    const [list] = openingOf(1).lists as [Opening['lists'][number]];
    const changed = { ...openingOf(1), lists: [{ ...list, partials: [...list.partials].reverse() }] };
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
    const roll = { header: group.header, leaves: [], capsules: new Uint8Array(), before: null };
    expect(await ctx.threads.run('layOutRoll', roll)).toMatchObject({ ok: false, code: 'BAD_CAPSULES' });
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
    expect(outcomes).toEqual(new Set(['BUSY', 'TRUSTEE_SIGNATURE']));
    expect(jobs.filter((job) => !job.startsWith('?'))).toEqual(['layOutRoll', 'receiveMessage', 'checkOpening']);
  });
});

describe('a long opening', () => {
  it('is not looked at again once its author has one that holds, and a repetition changes nothing', async () => {
    expect(await send(openingOf(1))).toMatchObject({ isNew: false });
    expect(jobs).toEqual(['?checkSignature']);
    const another = makeOpeningOf(open, setting, chain, 1);
    await expect(send(another)).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    expect(jobs).toEqual(['?checkSignature', 'receiveMessage']);
  });

  it('that is wrong is kept as evidence, one at a time, and the right one still counts', async () => {
    const make = () => makeOpening(author(2), open.key.keyed, open.key.shares[0] as Scalar, endOf(setting, chain), true, systemRandom);
    const wrong = [make(), make()];
    const outcomes = await Promise.allSettled(wrong.map((one) => send(one)));
    const taken = outcomes.findIndex(({ status }) => status === 'fulfilled');
    expect(outcomes[taken]).toMatchObject({ value: { isNew: true } });
    expect(outcomes[1 - taken]).toMatchObject({ reason: { code: 'BUSY' } });
    await expect(send(wrong[1 - taken])).rejects.toEqual(refusedWith('MESSAGE_CONFLICT'));
    expect(await send(wrong[taken])).toMatchObject({ isNew: false });
    expect(await send(openingOf(2))).toMatchObject({ isNew: true });
    const texts = (await readPages()).join('');
    for (const one of [wrong[taken], openingOf(2)]) expect(texts).toContain(canonicalJson(one as Json));
  });

  it('is read to the length that the largest wave allows, and of a statement without one nothing long is', async () => {
    const { id } = open.context;
    const long = SMALL + 1_200 * SIGNATURES;
    expect(await largestMessage(platform.ctx, id, null)).toBe(long);
    expect(await largestMessage(platform.ctx, id, SMALL + 1)).toBe(long);
    expect(await largestMessage(platform.ctx, id, 1_000)).toBe(SMALL);
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
