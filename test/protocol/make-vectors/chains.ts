// SPEC §10.6: chains
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import {
  addStep,
  type ChainOpening,
  type ChainStep,
  type Chains,
  checkPlace,
  createChains,
  findForks,
  nextMix,
  nextOpening,
  preferredChain,
  rankOf,
  revealedBy,
  turnMilliseconds,
} from '#lib/protocol/reveal/chain.ts';
import { type Case, type Chapter, computed, judged } from './chapter.ts';
import { GIVEN, hash, setting } from './reveal-world.ts';

const KEYS = (GIVEN as unknown as { trustees: { key: Hex32 }[] }).trustees.map(({ key }) => key);
const W = setting.content;
const empty = createChains({ content: W, threshold: 2, keys: KEYS });
const build = (steps: readonly ChainStep[]): Chains => steps.reduce(addStep, empty);

const step = (name: number, trustee: number, after?: number): ChainStep => ({
  ...{ hash: hash(name), trustee, step: after ? 2 : 1, previous: after ? hash(after) : W },
});
const open = (trustee: number, name: number, lead: boolean): ChainOpening => ({ trustee, mix: hash(name), lead });

const fromSteps = (name: string, steps: readonly ChainStep[]): Case => ({ name, input: { steps } as unknown as Json, expect: 'ok' });
const placed = (name: string, expect: string, steps: readonly ChainStep[], next: ChainStep): Case => ({
  ...{ name, input: { steps, next } as unknown as Json, expect },
});
const owed = (name: string, steps: readonly ChainStep[], openings: readonly ChainOpening[], trustee: number): Case => ({
  ...{ name, input: { steps, openings, trustee } as unknown as Json, expect: 'ok' },
});

const SITUATIONS: [string, ChainStep[]][] = [
  ['nothing', []],
  ['one step', [step(1, 3)]],
  ['two first steps: by rank', [step(1, 3), step(2, 4), step(3, 1)]],
  ['two first steps of one author: by hash', [step(8, 3), step(5, 3)]],
  ['a longer chain', [step(1, 3), step(2, 4), step(3, 1), step(4, 2, 1)]],
  ['two complete chains with one first step', [step(1, 3), step(4, 2, 1), step(5, 4, 1)]],
  ['two complete chains', [step(1, 3), step(2, 4), step(4, 1, 1), step(5, 1, 2)]],
];
const complete = [step(1, 3), step(2, 4), step(4, 1, 1), step(5, 1, 2)];

export const chains: Chapter = {
  file: 'chains.json',
  section: '10.6',
  given: GIVEN,
  operations: {
    rank: {
      about: 'output is the rank of each trustee of given.trustees for step input.step of given.wave',
      replay: ({ step }) => computed(KEYS.map((key) => rankOf(W, step, key))),
      cases: [1, 2].map((step) => ({ name: `step ${step}`, input: { step }, expect: 'ok' })),
    },
    place: {
      about: 'whether input.next may follow where it says, input.steps being the valid steps',
      replay: ({ steps, next }) => judged(checkPlace(build(steps), next)),
      cases: [
        placed('a first step', 'ok', [], step(1, 3)),
        placed('a second', 'ok', [step(1, 3)], step(2, 4, 1)),
        placed('on a step that is not valid or not known', 'MIX_CHAIN', [], step(2, 4, 1)),
        placed('a second by the author of the first', 'MIX_CHAIN', [step(1, 3)], step(2, 3, 1)),
        placed('a third', 'MIX_CHAIN', [step(1, 3), step(2, 4, 1)], { ...step(3, 1, 2), step: 3 }),
        placed('of another number', 'MIX_CHAIN', [step(1, 3)], { ...step(2, 4, 1), step: 1 }),
      ],
    },
    preferred: {
      about: 'output is the preferred chain of input.steps, as hashes',
      replay: ({ steps }) => computed(preferredChain(build(steps)).map((one) => one.hash)),
      cases: SITUATIONS.map(([name, steps]) => fromSteps(name, steps)),
    },
    turns: {
      about: 'output is, for each trustee, how many turns it waits before it extends the preferred chain, -1 if it does not',
      replay: ({ steps }) => computed([1, 2, 3, 4].map((trustee) => nextMix(build(steps), trustee)?.turn ?? -1)),
      cases: SITUATIONS.map(([name, steps]) => fromSteps(name, steps)),
    },
    turn: {
      about: 'output is one turn in milliseconds',
      replay: ({ stepTime, items }) => computed(turnMilliseconds(stepTime, items)),
      cases: [
        { name: 'of a small wave', input: { stepTime: 1, items: 8 }, expect: 'ok' },
        { name: 'of a large one', input: { stepTime: 10, items: 10_000 }, expect: 'ok' },
      ],
    },
    opening: {
      about: 'output is what input.trustee opens next, [] if nothing; input.openings are in the order in which they came to it',
      replay: ({ steps, openings, trustee }) => {
        const next = nextOpening(build(steps), openings, trustee);
        return computed(next ? [next] : []);
      },
      cases: [
        owed('no chain is complete', [step(1, 3)], [], 2),
        owed('it leads the preferred one', complete, [], 2),
        owed('it leads before it follows', complete, [open(1, 4, true), open(1, 5, true)], 2),
        owed('having led, it follows', complete, [open(2, 4, true), open(1, 5, true)], 2),
        owed('having led, it follows (the other)', complete, [open(2, 5, true), open(1, 4, true)], 2),
        owed('it follows nobody into the chain that it led', complete, [open(2, 4, true), open(1, 4, true)], 2),
        owed('it follows each other trustee once', complete, [open(2, 4, true), open(1, 5, true), open(2, 5, false), open(1, 4, true)], 2),
        owed('it follows no follower', complete, [open(2, 4, true), open(1, 5, false)], 2),
      ],
    },
    revealed: {
      about: 'output is the last step of the chain by which input.openings, all valid, reveal the wave; empty if they do not',
      replay: ({ openings }) => computed(revealedBy(2, openings) ?? ''),
      cases: [
        { name: 'by one', input: { openings: [open(1, 4, true)] }, expect: 'ok' },
        { name: 'by two of one chain', input: { openings: [open(1, 4, true), open(2, 4, false)] }, expect: 'ok' },
        { name: 'not by two of two chains', input: { openings: [open(1, 4, true), open(2, 5, true)] }, expect: 'ok' },
        { name: 'not by one twice', input: { openings: [open(1, 4, true), open(1, 4, false)] }, expect: 'ok' },
        {
          name: 'two chains: the lower hash',
          input: { openings: [open(1, 5, true), open(2, 5, false), open(1, 4, false), open(2, 4, true)] },
          expect: 'ok',
        },
      ],
    },
    forks: {
      about: 'output is who is named for input.steps and input.openings, all signed, and why',
      replay: ({ steps, openings }) => computed(findForks(steps, openings)),
      cases: [
        {
          name: 'nobody',
          input: {
            steps: [
              { ...step(1, 3), wave: 1 },
              { ...step(2, 3), wave: 2 },
              { ...step(3, 3, 4), wave: 1 },
            ],
            openings: [],
          },
          expect: 'ok',
        },
        {
          name: 'two first steps',
          input: {
            steps: [
              { ...step(1, 3), wave: 1 },
              { ...step(2, 3), wave: 1 },
            ],
            openings: [],
          },
          expect: 'ok',
        },
        {
          name: 'two leads',
          input: {
            steps: [],
            openings: [
              { ...open(2, 4, true), wave: 1 },
              { ...open(2, 5, true), wave: 1 },
            ],
          },
          expect: 'ok',
        },
        {
          name: 'a lead and a follow',
          input: {
            steps: [],
            openings: [
              { ...open(2, 4, true), wave: 1 },
              { ...open(2, 5, false), wave: 1 },
            ],
          },
          expect: 'ok',
        },
      ],
    },
  },
};
