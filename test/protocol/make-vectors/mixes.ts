// SPEC §10.2, §10.5: the content of a wave, and the steps that mix it
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import {
  checkStep,
  firstPlace,
  type MixList,
  type MixPlace,
  type MixStep,
  mixHash,
  mixListHash,
  outputsOf,
  type ReadStep,
} from '#lib/protocol/reveal/mix.ts';
import { contentOf, startLists, type Wave, type WaveEntry } from '#lib/protocol/reveal/wave-content.ts';
import { type Case, type Chapter, judged } from './chapter.ts';
import { chain, entries, GIVEN, hash, listText, SEEDS, setting, wave } from './reveal-world.ts';

const [one, two] = chain.steps as [MixStep, MixStep];
const places: [MixPlace, MixPlace] = [
  firstPlace(setting),
  { step: 2, previous: mixHash(one.mix), inputs: outputsOf(chain.read[0] as ReadStep) },
];

/** The same step with its lists changed, signed by its author. */
function withLists({ mix, lists }: MixStep, change: (list: MixList, i: number) => MixList): MixStep {
  const { signature: _, ...body } = mix;
  const changed = lists.map(change);
  const named = changed.map((list) => ({ group: list.group, list: mixListHash(list) }));
  return { mix: signMessage('mix', { ...body, lists: named }, SEEDS[mix.trustee - 1] as Uint8Array), lists: changed };
}
const relabel = ({ mix, lists }: MixStep, change: object): MixStep => {
  const { signature: _, ...body } = { ...mix, ...change };
  return { mix: signMessage('mix', body, SEEDS[body.trustee - 1] as Uint8Array), lists };
};
const withItem = (at: number, item: MixList['items'][0]) =>
  withLists(one, (list, i) => (i ? list : { ...list, items: list.items.with(at, item) }));

const stepped = (name: string, expect: string, step: MixStep, place: 1 | 2 = 1): Case => ({
  name,
  input: { place, ...step } as unknown as Json,
  expect,
});
const contained = (name: string, expect: string, of: Wave, some: readonly WaveEntry[]): Case => ({
  name,
  input: { wave: of, entries: some } as unknown as Json,
  expect,
});
const [first, second, ...others] = entries as [WaveEntry, WaveEntry, ...WaveEntry[]];
const [groupA, groupB] = wave.groups as [Wave['groups'][0], Wave['groups'][0]];
const swapped = { ...wave, groups: [{ ...groupA, entries: [second.hash, first.hash, ...groupA.entries.slice(2)] }, groupB] };

export const mixes: Chapter = {
  file: 'mixes.json',
  section: '10.5',
  given: GIVEN,
  operations: {
    wave: {
      about: 'whether input.entries are those of input.wave, in its order; output is W and the lists from which the first step starts',
      replay: ({ wave, entries }) =>
        judged(startLists(wave, entries), (lists) => ({ content: contentOf(wave), lists: lists.map(listText) })),
      cases: [
        contained('of two groups', 'ok', wave, entries),
        contained('of one group', 'ok', { ...wave, groups: [groupA] }, entries.slice(0, groupA.entries.length)),
        contained('an entry missing', 'WAVE_ENTRY', wave, entries.slice(1)),
        contained('another entry', 'WAVE_ENTRY', wave, [{ ...first, hash: hash(9) }, second, ...others]),
        contained('an entry of another group', 'WAVE_ENTRY', wave, [{ ...first, group: groupB.group }, second, ...others]),
        contained('entries that do not ascend', 'WAVE_ORDER', swapped, [second, first, ...others]),
        contained('a nullifier twice', 'WAVE_ORDER', wave, [first, { ...second, nullifier: first.nullifier }, ...others]),
        contained('groups that do not ascend', 'WAVE_ORDER', { ...wave, groups: [groupB, groupA] }, [
          ...entries.slice(groupA.entries.length),
          ...entries.slice(0, groupA.entries.length),
        ]),
      ],
    },
    step: {
      about:
        'whether input.mix with input.lists is a valid step 1 of given.wave, or step 2 after the first case; output is its hash. Shape and signature have been checked',
      replay: ({ place, mix, lists }) => judged(checkStep(setting, places[place - 1] as MixPlace, { mix, lists }), ({ hash }) => hash),
      cases: [
        stepped('the first', 'ok', one),
        stepped('the second', 'ok', two, 2),
        stepped('the first in the place of the second', 'MIX_WAVE', one, 2),
        stepped('of another wave number', 'MIX_WAVE', relabel(one, { wave: 2 })),
        stepped('of another content', 'MIX_WAVE', relabel(one, { content: hash(9) })),
        stepped('on another step', 'MIX_WAVE', relabel(two, { previous: hash(9) }), 2),
        stepped(
          'a list missing',
          'MIX_LIST',
          withLists({ ...one, lists: one.lists.slice(1) }, (list) => list),
        ),
        stepped(
          'lists in another order',
          'MIX_LIST',
          withLists({ ...one, lists: one.lists.toReversed() }, (list) => list),
        ),
        stepped('a list that the mix does not name', 'MIX_LIST', { ...one, lists: [two.lists[0] as MixList, one.lists[1] as MixList] }),
        stepped(
          'a list of another statement',
          'MIX_LIST',
          withLists(one, (list) => ({ ...list, statement: hash(9) })),
        ),
        stepped(
          'an item less',
          'MIX_LIST',
          withLists(one, (list) => ({ ...list, items: list.items.slice(1) })),
        ),
        stepped(
          'a response less',
          'MIX_LIST',
          withLists(one, (list) => ({ ...list, proof: { ...list.proof, sPrime: list.proof.sPrime.slice(1) } })),
        ),
        stepped('an item off the curve', 'BAD_POINT', withItem(0, [['1', '1'], (one.lists[0] as MixList).items[0]?.[1] ?? ['0', '1']])),
        stepped(
          'an item that holds the identity',
          'BAD_POINT',
          withItem(0, [['0', '1'], (one.lists[0] as MixList).items[0]?.[1] ?? ['0', '1']]),
        ),
        stepped(
          'T43: items exchanged after the proof',
          'MIX_PROOF',
          withLists(one, (list) => ({ ...list, items: list.items.toReversed() })),
        ),
        stepped('T48: the step of another trustee', 'MIX_PROOF', relabel(one, { trustee: 2 })),
      ],
    },
  },
};
