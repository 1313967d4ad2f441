import { describe, expect, it } from 'vitest';
import type { Cosignature } from '#lib/protocol/board/cosignature.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { createBoard } from '#lib/protocol/board/reader.ts';
import { addStep, type ChainStep, createChains, rankOf } from '#lib/protocol/reveal/chain.ts';
import { lastCosignTime, type StatementContext } from '#lib/protocol/statement/statement.ts';
import { type BoardView, nextCosignature } from '#lib/trustee/board-view.ts';
import { isKeyingOver, isShareOver, nextEndStep } from '#lib/trustee/duty-policy.ts';
import { findWaveForks } from '#lib/trustee/hear-wave.ts';
import { nextWaveStep } from '#lib/trustee/next-wave-step.ts';
import type { Journal } from '#lib/trustee/stored-shapes.ts';
import { createVouchers, finalNumber, hearCosignatures, type Vouchers } from '#lib/trustee/vouchers.ts';
import { createWaveView, isOpened, noteSignedLead, noteSignedStep, type WaveView } from '#lib/trustee/wave-view.ts';
import { takeUpWaves } from '#lib/trustee/work-on-waves.ts';
import { seeded } from '../circuits/signer.ts';
import { createCommittee, createGroup, createStatement } from '../support/world.ts';

const NOW = 1_800_000_000;
const random = seeded('decisions');
const committee = createCommittee(4, 2, random);
const context: StatementContext = createStatement([createGroup('Sailors', ['Ann', 'Ben', 'Cem'], random)], committee, { count: 2 }, {
  verificationKey: 'a'.repeat(64),
  setup: 'b'.repeat(64),
  random,
}); // biome-ignore format: one statement
const hashAt = (number: number) => String(number).padStart(64, '0');
const { clockSkew } = context.statement;

const journal = (change: Partial<Journal> = {}): Journal => ({
  version: 2,
  statement: context.id,
  trustee: 1,
  openBy: context.statement.openBy,
  destroyAt: context.statement.deadline + context.statement.grace,
  stage: 'keyed',
  messages: [],
  ...change,
});
const cosigned = (number: number, checkpoint = hashAt(number)): Cosignature => ({
  ...{ type: 'cosignature', statement: context.id, trustee: 1, number, checkpoint, signature: '' },
});
/** A view of checkpoints that were dated and seen like this. */
function viewOf(...sightings: { time: number; firstSeen?: number; lastMissed?: number | null }[]): BoardView {
  const board = createBoard('c'.repeat(64));
  for (const i of sightings.keys()) board.hashes.push(hashAt(i + 1));
  const seen = sightings.map(({ time, firstSeen = time, lastMissed = null }) => ({ time, firstSeen, lastMissed }));
  return { board, sightings: seen, looked: null, entries: new Map() };
}
function vouched(...heads: [trustee: number, number: number][]): Vouchers {
  const vouchers = createVouchers();
  for (const [trustee, number] of heads) vouchers.latest.set(trustee, { ...cosigned(number), trustee });
  return vouchers;
}
const cosign = (view: BoardView, own: Partial<Journal> = {}, vouchers = vouched(), now = NOW) => {
  const step = nextCosignature(context, journal(own), view, vouchers, now);
  return step.do === 'cosign' ? step.head.number : step.do;
};

describe('a trustee cosigns', () => {
  it('the newest checkpoint, once, and only what follows on all that it has cosigned (T39)', () => {
    const view = viewOf({ time: NOW - 3 }, { time: NOW - 2 }, { time: NOW - 1 });
    expect(cosign(view)).toBe(3);
    expect(cosign(view, { cosigned: cosigned(2) })).toBe(3);
    expect(cosign(view, { cosigned: cosigned(3) })).toBe('nothing');
    expect(cosign(view, { cosigned: cosigned(2, 'd'.repeat(64)) })).toBe('report');
    expect(cosign(view, { cosigned: cosigned(5) })).toBe('nothing');
    expect(cosign(view, { stage: 'confirmed' })).toBe('nothing');
  });

  it('nothing of the future, and what came before it', () => {
    expect(cosign(viewOf({ time: NOW }, { time: NOW + clockSkew + 1 }))).toBe(1);
    expect(cosign(viewOf({ time: NOW }, { time: NOW + clockSkew + 1 }), {}, vouched(), NOW + 1)).toBe(2);
  });

  it('no checkpoint that was missing long after its date, until k others have cosigned it or a later one (T51, T56)', () => {
    const late = { time: NOW - 700 - clockSkew, firstSeen: NOW, lastMissed: NOW - 1 };
    const view = viewOf({ time: NOW - 5_000 }, late, { time: NOW - 1 });
    expect(cosign(view)).toBe(1);
    expect(cosign(view, {}, vouched([2, 3]))).toBe(1);
    expect(cosign(view, {}, vouched([2, 3], [3, 1]))).toBe(1);
    expect(cosign(view, {}, vouched([2, 3], [3, 2]))).toBe(3);
  });

  it('nor one first seen after the last time for one', () => {
    const end = lastCosignTime(context.statement);
    const view = viewOf({ time: end - 100, firstSeen: end + 1 });
    expect(cosign(view, {}, vouched(), end + 1)).toBe('nothing');
    expect(cosign(view, {}, vouched([2, 1], [4, 1]), end + 1)).toBe(1);
    expect(cosign(viewOf({ time: end - 100, firstSeen: end }), {}, vouched(), end + 1)).toBe(1);
  });
});

describe('what others vouch for', () => {
  const view = viewOf({ time: 1 }, { time: 2 }, { time: 3 });
  const by = (trustee: number, number: number, hash = hashAt(number)) =>
    signCosignature({ context, trustee, seed: committee.seeds[trustee - 1]! }, { number, hash });

  it('makes a checkpoint final by union: staggered heads count for all before (T57)', () => {
    const vouchers = createVouchers();
    expect(hearCosignatures(context, vouchers, view.board, [by(2, 1), by(3, 3), by(3, 2)])).toEqual([]);
    expect(vouchers.latest.get(3)?.number).toBe(3);
    expect(finalNumber(context, view.board, vouchers, undefined)).toBe(0);
    expect(finalNumber(context, view.board, vouchers, cosigned(2))).toBe(1);
  });

  it('is taken with its signature alone, and a fork of its author is told once', () => {
    const vouchers = createVouchers();
    const unsigned = { ...by(2, 3), signature: 'e'.repeat(128) };
    expect(hearCosignatures(context, vouchers, view.board, [unsigned, by(2, 1)])).toEqual([]);
    expect(vouchers.latest.get(2)?.number).toBe(1);
    const other = by(3, 2, 'f'.repeat(64));
    expect(hearCosignatures(context, vouchers, view.board, [{ ...other, signature: 'e'.repeat(128) }])).toEqual([]);
    expect(hearCosignatures(context, vouchers, view.board, [other])).toEqual([3]);
    expect(hearCosignatures(context, vouchers, view.board, [other, by(3, 1, 'f'.repeat(64))])).toEqual([]);
  });
});

describe('a trustee that is shown another board than the one that it cosigned', () => {
  it('takes up no wave of it, however many others have cosigned it (T39)', () => {
    const view = viewOf({ time: 1 }, { time: 2 });
    view.board.waves.push({ number: 1, checkpoint: hashAt(2), checkpointNumber: 2, groups: [] });
    const takesUp = (own: Cosignature | undefined, heads: [number, number][]) => {
      const seen = { waves: new Map<number, WaveView>(), vouchers: vouched(...heads), inbox: { putOff: null } };
      const duty = { id: context.id, context, journal: journal(own ? { cosigned: own } : {}), view: seen };
      const trustee = { monotonic: () => 0, log: () => {} };
      return [takeUpWaves(trustee as never, duty as never, view), seen.waves.size];
    };
    const others: [number, number][] = [2, 3, 4].map((trustee) => [trustee, 2]);
    expect(takesUp(cosigned(2), others.slice(0, 1))).toEqual([false, 0]); // not final yet
    expect(takesUp(cosigned(2), others)).toEqual([true, 1]);
    expect(takesUp(undefined, others)).toEqual([true, 1]);
    for (const number of [1, 2]) expect(takesUp(cosigned(number, 'd'.repeat(64)), others)).toEqual([false, 0]);
  });
});

describe('a trustee and one wave', () => {
  const content = '9'.repeat(64);
  const keys = context.statement.committee.trustees.map(({ key }) => key);
  const byRank = (step: number) =>
    [1, 2, 3, 4].sort((a, b) => (rankOf(content, step, keys[a - 1]!) < rankOf(content, step, keys[b - 1]!) ? -1 : 1));
  const due = { wave: {} as never, content, size: 50, since: 100 };
  const view = (change: Partial<WaveView> = {}): WaveView => ({
    ...createWaveView(context, 1),
    ...{ due, locked: content, chains: createChains({ content, threshold: 2, keys }) },
    ...change,
  });
  const step = (trustee: number, number: number, previous = content): ChainStep => ({
    ...{ hash: hashAt(10 * trustee + number), trustee, step: number, previous },
  });
  const withSteps = (steps: ChainStep[], change: Partial<WaveView> = {}): WaveView => {
    const made = view(change);
    return { ...made, chains: steps.reduce(addStep, made.chains), verifiedAt: new Map(steps.map(({ hash }) => [hash, 200])) };
  };
  const [first, second, third] = byRank(1) as [number, number, number];

  it('finds who has forked however many steps and openings one author signs, and keeps no more of them than that takes', () => {
    const forked = view();
    for (let i = 0; i < 500; i++) {
      noteSignedStep(forked, { trustee: 3, wave: 1, step: 1, hash: hashAt(i) });
      noteSignedLead(forked, { trustee: 2, wave: 1, mix: hashAt(Math.floor(i / 3)), lead: i > 2 });
      noteSignedLead(forked, { trustee: 1, wave: 1, mix: hashAt(i), lead: false });
    }
    noteSignedStep(forked, { trustee: 4, wave: 1, step: 1, hash: hashAt(1_000) });
    expect(findWaveForks(forked)).toEqual([
      { trustee: 3, reason: 'MIX_FORKED' },
      { trustee: 2, reason: 'OPENING_FORKED' },
    ]);
    expect([forked.signed.steps.length, forked.signed.leads.length]).toEqual([3, 2]);
    expect([forked.authors.get(hashAt(499)), forked.authors.get(hashAt(1_000))]).toEqual([3, 4]);
  });

  it('writes W down first, and takes no part in another W of that number', () => {
    expect(nextWaveStep(view({ locked: null }), first, 1, 100)).toEqual({ do: 'lock' });
    expect(nextWaveStep(view({ locked: '8'.repeat(64) }), first, 1, 100)).toEqual({ do: 'nothing' });
    expect(nextWaveStep(view({ due: null }), first, 1, 100)).toEqual({ do: 'nothing' });
  });

  it('mixes at once as the first by rank, and waits a turn of stepTime and 20 ms an item for each before it', () => {
    expect(nextWaveStep(view(), first, 1, 100)).toEqual({ do: 'mix', chain: [] });
    expect(nextWaveStep(view(), second, 1, 101.9)).toEqual({ do: 'wait', until: 102 });
    expect(nextWaveStep(view(), third, 1, 104)).toEqual({ do: 'mix', chain: [] });
    const chain = [step(first, 1)];
    const next = byRank(2).filter((trustee) => trustee !== first);
    expect(nextWaveStep(withSteps(chain), first, 1, 1_000)).toEqual({ do: 'nothing' });
    expect(nextWaveStep(withSteps(chain), next[1]!, 1, 200)).toEqual({ do: 'wait', until: 202 });
    expect(nextWaveStep(withSteps(chain), next[0]!, 1, 200)).toEqual({ do: 'mix', chain });
  });

  it('makes no second step of a number that its own key has signed, though it was not verified yet (T58)', () => {
    const signed = { steps: [{ trustee: first, wave: 1, step: 1, hash: hashAt(5) }], leads: [] };
    expect(nextWaveStep(view({ signed }), first, 1, 100)).toEqual({ do: 'nothing' });
  });

  it('opens the end of a complete chain and nothing else, whoever asks: no entries, and no chain that lacks a step (T34)', () => {
    const led = (trustee: number, mix: string) => ({ trustee, mix, lead: true });
    const [one, two, other] = [step(1, 1), step(2, 2, hashAt(11)), step(4, 1)];
    for (const openings of [[], [led(2, content)], [led(2, one.hash)]]) {
      expect(nextWaveStep(withSteps([], { openings }), 3, 1, 1_000).do).toBe('mix');
      expect(nextWaveStep(withSteps([one], { openings }), 3, 1, 1_000).do).toBe('mix');
    }
    const asked = (mix: string) => ({ unread: new Map([[hashAt(9), { trustee: 2, mix } as never]]) });
    for (const mix of [content, one.hash]) expect(nextWaveStep(withSteps([one], asked(mix)), 3, 1, 1_000).do).toBe('mix');
    expect(nextWaveStep(withSteps([one, two], asked(two.hash)), 3, 1, 1_000).do).toBe('check-opening');
    const openings = [led(3, two.hash), led(2, other.hash), led(4, content)];
    expect(nextWaveStep(withSteps([one, two, other], { openings }), 3, 1, 1_000)).toEqual({ do: 'nothing' });
  });

  it('opens a complete chain instead of mixing, leads once and then follows each other leader (T42)', () => {
    const chain = [step(1, 1), step(2, 2, hashAt(11))];
    const end = hashAt(22);
    expect(nextWaveStep(withSteps(chain), 3, 1, 200)).toEqual({ do: 'open', mix: end, lead: true });
    const led = { trustee: 3, mix: end, lead: true };
    expect(nextWaveStep(withSteps(chain, { openings: [led] }), 3, 1, 900)).toEqual({ do: 'nothing' });
    const other = [...chain, step(4, 1), step(1, 2, hashAt(41))];
    const best = nextWaveStep(withSteps(other), 3, 1, 200);
    if (best.do !== 'open') throw new Error(best.do);
    const [mine, theirs] = best.mix === end ? [end, hashAt(12)] : [hashAt(12), end];
    const openings = [
      { trustee: 2, mix: theirs, lead: true },
      { trustee: 3, mix: mine, lead: true },
    ];
    expect(nextWaveStep(withSteps(other, { openings }), 3, 1, 200)).toEqual({ do: 'open', mix: theirs, lead: false });
    expect(nextWaveStep(withSteps(other, { openings: [...openings, { trustee: 3, mix: theirs, lead: false }] }), 3, 1, 200)).toEqual({
      do: 'nothing',
    });
    expect(isOpened(withSteps(other, { openings }))).toBe(false);
    expect(isOpened(withSteps(other, { openings: [...openings, { trustee: 3, mix: theirs, lead: false }] }))).toBe(true);
  });
});

describe('the end of a statement', () => {
  const end = journal().destroyAt;
  it.each([
    ['keying', NOW, 'nothing'],
    ['keying', context.statement.openBy + 1, 'erase-secrets'],
    ['keying', end, 'abort'],
    ['confirmed', end - 1, 'erase-secrets'],
    ['confirmed', end, 'attest'],
    ['keyed', end, 'attest'],
    ['aborted', end, 'erase-secrets'],
    ['destroyed', end, 'nothing'],
  ] as const)('of which the stage is %s asks at %i for: %s', (stage, now, step) => {
    expect(nextEndStep(journal({ stage }), now)).toEqual({ do: step });
    expect([isKeyingOver(journal({ stage }), now), isShareOver(journal({ stage }), now)]).toEqual([
      stage !== 'keying' || now > context.statement.openBy,
      now >= end || stage === 'aborted' || stage === 'destroyed',
    ]);
  });
});
