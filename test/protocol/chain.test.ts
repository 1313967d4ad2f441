import { describe, expect, it } from 'vitest';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { randomBelow } from '#lib/protocol/numbers/random.ts';
import {
  addStep,
  type ChainOpening,
  type ChainStep,
  type Chains,
  chainTo,
  checkPlace,
  createChains,
  findForks,
  mayTake,
  nextMix,
  nextOpening,
  preferredChain,
  rankOf,
  revealedBy,
  turnMilliseconds,
} from '#lib/protocol/reveal/chain.ts';
import { drawPermutation } from '#lib/protocol/reveal/make-shuffle.ts';
import { leastGrace } from '#lib/protocol/statement/statement.ts';
import { seeded } from '../circuits/signer.ts';

const W = 'f'.repeat(64);
/** n, k and random schedules. */
const COMMITTEES = [
  [4, 2, 1_000],
  [5, 2, 500],
  [7, 3, 400],
  [10, 4, 150],
] as const;
const keysOf = (n: number): Hex32[] => Array.from({ length: n }, (_, i) => (i + 1).toString(16).padStart(64, '0'));

/** An honest trustee: what it has verified, and the openings that it knows, its own among them, in the order in which they came. */
type Honest = { me: number; chains: Chains; openings: ChainOpening[] };
type World = { steps: ChainStep[]; openings: ChainOpening[]; honest: Honest[]; drawHash: () => Hex32 };

/** One message reaches a trustee; a step brings those before it. What the trustee need not take it leaves. */
function deliverStep(world: World, to: Honest, step: ChainStep): boolean {
  if (to.chains.steps.has(step.hash)) return true;
  if (step.step > 1) {
    const before = world.steps.find(({ hash }) => hash === step.previous) as ChainStep;
    if (!deliverStep(world, to, before)) return false;
  }
  const isWanted =
    world.steps.some(({ previous, trustee }) => previous === step.hash && trustee !== step.trustee) ||
    world.openings.some(({ mix, trustee }) => mix === step.hash && trustee !== step.trustee);
  if (!mayTake(to.chains, step, isWanted)) return false;
  to.chains = addStep(to.chains, step);
  return true;
}

function deliverOpening(world: World, to: Honest, opening: ChainOpening): void {
  if (to.openings.includes(opening)) return;
  if (deliverStep(world, to, world.steps.find(({ hash }) => hash === opening.mix) as ChainStep)) to.openings.push(opening);
}

/** What the rules tell an honest trustee to do now, its waiting over. @returns whether there was something */
function act(world: World, trustee: Honest): boolean {
  const opening = nextOpening(trustee.chains, trustee.openings, trustee.me);
  if (opening) {
    const made = { trustee: trustee.me, ...opening };
    world.openings.push(made);
    trustee.openings.push(made);
    return true;
  }
  const mix = nextMix(trustee.chains, trustee.me);
  if (!mix) return false;
  const made = { hash: world.drawHash(), trustee: trustee.me, step: mix.chain.length + 1, previous: mix.chain.at(-1)?.hash ?? W };
  world.steps.push(made);
  trustee.chains = addStep(trustee.chains, made);
  return true;
}

/** A dishonest trustee says anything valid: it extends any chain that it is not in, or leads any complete one, as often as it likes. */
function misbehave(world: World, me: number, k: number, pick: (n: number) => number): void {
  const chain = chainTo({ ...createChains({ content: W, threshold: k, keys: [] }), steps: byHash(world) }, pickLast(world, pick));
  if (chain.length === k) world.openings.push({ trustee: me, mix: chain.at(-1)?.hash as Hex32, lead: true });
  else if (!chain.some(({ trustee }) => trustee === me))
    world.steps.push({ hash: world.drawHash(), trustee: me, step: chain.length + 1, previous: chain.at(-1)?.hash ?? W });
}

const byHash = (world: World) => new Map(world.steps.map((step) => [step.hash, step]));
const pickLast = ({ steps }: World, pick: (n: number) => number) => [W, ...steps.map(({ hash }) => hash)][pick(steps.length + 1)] as Hex32;

/** Random order and delay under k − 1 dishonest trustees, then everything that honest trustees hold reaches all of them. */
function play(n: number, k: number, seed: string): World {
  const random = seeded(seed);
  const pick = (limit: number) => randomBelow(limit, random);
  const drawHash = () => Buffer.from(random(32)).toString('hex');
  const dishonest = k - 1;
  const setting = { content: W, threshold: k, keys: keysOf(n) };
  const honest = Array.from({ length: n - dishonest }, (_, i) => ({ me: dishonest + i + 1, chains: createChains(setting), openings: [] }));
  const world: World = { steps: [], openings: [], honest, drawHash };
  const some = <T>(values: readonly T[]) => values[pick(values.length)] as T;
  for (let round = 0; round < 12 * n; round++) {
    const who = pick(n) + 1;
    if (who <= dishonest) {
      if (world.steps.length < 60 && world.openings.length < 60) misbehave(world, who, k, pick);
      continue;
    }
    const trustee = world.honest[who - dishonest - 1] as Honest;
    if (world.steps.length > 0 && pick(2)) deliverStep(world, trustee, some(world.steps));
    if (world.openings.length > 0 && pick(2)) deliverOpening(world, trustee, some(world.openings));
    if (pick(3)) act(world, trustee);
  }
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const trustee of world.honest) {
      for (const other of world.honest) {
        for (const step of other.chains.steps.values()) deliverStep(world, trustee, step);
        for (const opening of other.openings) deliverOpening(world, trustee, opening);
      }
      while (act(world, trustee)) isMoving = true;
    }
  }
  return world;
}

describe('chains under adverse delivery', () => {
  it.each(COMMITTEES)(
    'T42: of %i trustees, %i to open, all end revealed, by openings of honest trustees alone',
    (n, k, schedules) => {
      for (let i = 0; i < schedules; i++) {
        const world = play(n, k, `chains ${n} ${k} ${i}`);
        const open = (openings: readonly ChainOpening[]) => revealedBy(k, openings);
        const revealed = open(world.openings.filter(({ trustee }) => trustee >= k));
        expect(revealed, `schedule ${i}`).not.toBeNull();
        for (const trustee of world.honest) expect(open(trustee.openings)).not.toBeNull();
        for (const { mix } of world.openings)
          expect(chainTo({ ...(world.honest[0] as Honest).chains, steps: byHash(world) }, mix).some(({ trustee }) => trustee >= k)).toBe(
            true,
          );
      }
    },
    120_000,
  );

  it('T43: who mixes or leads twice is named, nobody honest is, and an honest trustee opens at most one chain for each trustee', () => {
    let [forked, led] = [0, 0];
    for (let i = 0; i < 400; i++) {
      const world = play(7, 3, `forks ${i}`);
      const steps = world.steps.map((step) => ({ ...step, wave: 1 }));
      const blamed = findForks(
        steps,
        world.openings.map((opening) => ({ ...opening, wave: 1 })),
      );
      expect(blamed.every(({ trustee }) => trustee < 3)).toBe(true);
      forked += Number(blamed.some(({ reason }) => reason === 'MIX_FORKED'));
      led += Number(blamed.some(({ reason }) => reason === 'OPENING_FORKED'));
      for (const { me } of world.honest) {
        const own = world.openings.filter(({ trustee }) => trustee === me);
        expect(own.length).toBeLessThanOrEqual(7);
        expect(own.filter(({ lead }) => lead).length).toBe(1);
        expect(new Set(own.map(({ mix }) => mix)).size).toBe(own.length);
        expect(new Set(steps.filter(({ trustee }) => trustee === me).map(({ step }) => step)).size).toBe(
          steps.filter(({ trustee }) => trustee === me).length,
        );
      }
    }
    expect(forked).toBeGreaterThan(50);
    expect(led).toBeGreaterThan(20);
  }, 60_000);

  it('T42: would not all end revealed if a trustee opened one chain only', () => {
    const opensOnce = (trustee: Honest) => ({
      ...trustee,
      openings: trustee.openings.filter(({ trustee: author }) => author === trustee.me),
    });
    let stuck = 0;
    for (let i = 0; i < 300; i++) {
      const world = play(4, 2, `one chain ${i}`);
      const leads = world.honest.flatMap((trustee) => opensOnce(trustee).openings.filter(({ lead }) => lead));
      stuck += Number(revealedBy(2, leads) === null);
    }
    expect(stuck).toBeGreaterThan(0);
  });
});

describe('T66: a chain', () => {
  /** The turns that pass until k steps stand, each made in at most one turn, while these trustees are silent. */
  function turnsUntilComplete(n: number, k: number, content: Hex32, silent: ReadonlySet<number>): number {
    let [chains, turns]: [Chains, number] = [createChains({ content, threshold: k, keys: keysOf(n) }), 0];
    for (let step = 1; step <= k; step++) {
      const awake = chains.keys.map((_, i) => i + 1).filter((trustee) => !silent.has(trustee));
      const waiting = awake.flatMap((trustee) => ({ trustee, ...nextMix(chains, trustee) }));
      const first = waiting.filter(({ turn }) => turn !== undefined).sort((a, b) => (a.turn as number) - (b.turn as number))[0];
      if (first?.turn === undefined) throw new Error('nobody goes on');
      turns += first.turn + 1;
      const previous = first.chain?.at(-1)?.hash ?? content;
      chains = addStep(chains, { hash: `${step}`.repeat(64), trustee: first.trustee, step, previous });
    }
    return turns;
  }

  it('is complete within the k · k turns that the grace allows, and one more for each opening, though k − 1 are silent', () => {
    for (const [n, k] of COMMITTEES)
      for (let i = 0; i < 100; i++) {
        const silent = new Set(
          drawPermutation(n, seeded(`silent ${n} ${i}`))
            .slice(0, k - 1)
            .map((place) => place + 1),
        );
        expect(turnsUntilComplete(n, k, i.toString(16).padStart(64, '0'), silent) + k).toBeLessThanOrEqual(k * (k + 1));
      }
  });

  it('of thousands of small waves takes no longer than of one: their turns are of their own items', () => {
    const statement = { mergeDelay: 1, clockSkew: 0, stepTime: 1, together: 3, committee: { threshold: 2 } };
    for (const members of [8, 3_000, 262_144]) {
      const waves = Math.floor(members / 3);
      const making = waves * 200;
      const allowed = 1000 * leastGrace(statement, members) - 1000;
      expect(2 * 3 * turnMilliseconds(1, 3) + making).toBeLessThanOrEqual(allowed);
      expect(2 * 3 * turnMilliseconds(1, members) + 200).toBeLessThanOrEqual(allowed);
    }
  });
});

describe('a step', () => {
  const empty = createChains({ content: W, threshold: 2, keys: keysOf(4) });
  const one: ChainStep = { hash: 'a'.repeat(64), trustee: 1, step: 1, previous: W };
  const two: ChainStep = { hash: 'b'.repeat(64), trustee: 2, step: 2, previous: one.hash };
  const both = addStep(addStep(empty, one), two);

  it('follows on a valid one, by another author, up to k', () => {
    expect(checkPlace(empty, one).ok).toBe(true);
    expect(checkPlace(empty, two)).toMatchObject({ code: 'MIX_CHAIN' });
    expect(checkPlace(addStep(empty, one), { ...two, trustee: 1 })).toMatchObject({ code: 'MIX_CHAIN' });
    expect(checkPlace(addStep(empty, one), { ...two, step: 1 })).toMatchObject({ code: 'MIX_CHAIN' });
    expect(checkPlace(both, { trustee: 3, step: 3, previous: two.hash })).toMatchObject({ code: 'MIX_CHAIN' });
    expect(() => addStep(empty, two)).toThrow('has no place');
  });

  it('is the third of its author and number: read only when another trustee wants it', () => {
    const forked = addStep(addStep(empty, one), { ...one, hash: 'c'.repeat(64) });
    expect(mayTake(addStep(empty, one), { ...one, hash: 'c'.repeat(64) }, false)).toBe(true);
    expect(mayTake(forked, { ...one, hash: 'd'.repeat(64) }, false)).toBe(false);
    expect(mayTake(forked, { ...one, hash: 'd'.repeat(64) }, true)).toBe(true);
    expect(mayTake(forked, { hash: 'd'.repeat(64), trustee: 2, step: 1 }, false)).toBe(true);
  });

  it('is awaited from the trustees not in the chain, one turn after the other by rank', () => {
    const turns = [1, 2, 3, 4].map((me) => nextMix(empty, me)?.turn);
    expect([...turns].sort()).toEqual([0, 1, 2, 3]);
    const first = turns.indexOf(0) + 1;
    const ranks = keysOf(4).map((key) => rankOf(W, 1, key));
    expect(ranks[first - 1]).toBe([...ranks].sort()[0]);
    const afterOne = [1, 2, 3, 4].map((me) => nextMix(addStep(empty, one), me)?.turn);
    expect(afterOne[0]).toBeUndefined();
    expect(afterOne.slice(1).sort()).toEqual([0, 1, 2]);
    expect([1, 2, 3, 4].map((me) => nextMix(both, me))).toEqual([null, null, null, null]);
    expect(turnMilliseconds(10, 1_000)).toBe(30_000);
  });

  it('is made once of each number, also where another chain is preferred later', () => {
    const [low, high] = [1, 2].sort((a, b) => (rankOf(W, 1, keysOf(4)[a - 1] as Hex32) < rankOf(W, 1, keysOf(4)[b - 1] as Hex32) ? -1 : 1));
    const mine = addStep(empty, { hash: 'a'.repeat(64), trustee: high as number, step: 1, previous: W });
    expect(nextMix(mine, high as number)).toBeNull();
    const preferred = addStep(mine, { hash: 'b'.repeat(64), trustee: low as number, step: 1, previous: W });
    expect(preferredChain(preferred).map(({ trustee }) => trustee)).toEqual([low]);
    expect(nextMix(preferred, high as number)?.chain.map(({ trustee }) => trustee)).toEqual([low]);
  });

  it('of a forked author with the lower hash is preferred', () => {
    const forked = addStep(addStep(empty, { ...one, hash: 'c'.repeat(64) }), one);
    expect(preferredChain(forked).map(({ hash }) => hash)).toEqual([one.hash]);
  });
});

describe('an opening', () => {
  it('leads the preferred chain once, then follows the first that each other trustee led', () => {
    const steps: ChainStep[] = [
      { hash: '1'.repeat(64), trustee: 1, step: 1, previous: W },
      { hash: '2'.repeat(64), trustee: 2, step: 2, previous: '1'.repeat(64) },
      { hash: '3'.repeat(64), trustee: 3, step: 2, previous: '1'.repeat(64) },
      { hash: '4'.repeat(64), trustee: 4, step: 2, previous: '1'.repeat(64) },
    ];
    const chains = steps.reduce(addStep, createChains({ content: W, threshold: 2, keys: keysOf(4) }));
    const mine = preferredChain(chains).at(-1)?.hash as Hex32;
    const [x, y] = steps.map(({ hash }) => hash).filter((hash) => hash !== mine && !hash.startsWith('1')) as [Hex32, Hex32];
    const openings: ChainOpening[] = [
      { trustee: 1, mix: x, lead: true },
      { trustee: 1, mix: y, lead: true },
    ];
    const made: ChainOpening[] = [];
    for (let next = nextOpening(chains, openings, 4); next; next = nextOpening(chains, [...openings, ...made], 4))
      made.push({ trustee: 4, ...next });
    expect(made).toEqual([
      { trustee: 4, mix: mine, lead: true },
      { trustee: 4, mix: x, lead: false },
    ]);
    expect(nextOpening(createChains({ content: W, threshold: 2, keys: keysOf(4) }), openings, 4)).toBeNull();
    expect(revealedBy(2, [...openings, ...made])).toBe(x);
    expect(revealedBy(3, [...openings, ...made])).toBeNull();
  });

  it('reveals by k different authors of one chain; of two such chains by the lower hash', () => {
    const open = (mix: string, ...trustees: number[]) => trustees.map((trustee) => ({ trustee, mix }));
    expect(revealedBy(2, open('b', 1, 1))).toBeNull();
    expect(revealedBy(2, [...open('b', 1, 2), ...open('a', 1, 3), ...open('0', 4)])).toBe('a');
  });
});
