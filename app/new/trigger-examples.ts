/** Conditions that people ask for most, made of the groups that were chosen. Pure. */
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { TriggerDraft } from './trigger-draft.ts';

export interface TriggerExample {
  words: string;
  /** How many groups it takes. */
  groups: number;
  /** With these groups: of each its size. No number is above what a group has. */
  build: (groups: ReadonlyMap<Hex32, number>) => TriggerDraft;
}

type Sized = readonly [group: Hex32, size: number];

const ask = ([group, size]: Sized, count: number): TriggerDraft => ({ kind: 'group', group, count: String(Math.min(count, size)) });
const list = (kind: 'all' | 'any' | 'atLeast', least: string, parts: readonly TriggerDraft[]): TriggerDraft => ({ kind, least, parts });

export const TRIGGER_EXAMPLES: readonly TriggerExample[] = [
  {
    words: '5 from each group',
    groups: 1,
    build: (groups) => {
      const parts = [...groups].map((one) => ask(one, 5));
      return parts.length === 1 ? (parts[0] as TriggerDraft) : list('all', '2', parts);
    },
  },
  {
    words: '100 of the largest group, or 10 of another',
    groups: 2,
    build: (groups) => {
      const bySize = [...groups].sort(([, a], [, b]) => b - a);
      return list(
        'any',
        '2',
        bySize.map((one, i) => ask(one, i === 0 ? 100 : 10)),
      );
    },
  },
  {
    words: '10 from each of two groups, whichever',
    groups: 3,
    build: (groups) =>
      list(
        'atLeast',
        '2',
        [...groups].map((one) => ask(one, 10)),
      ),
  },
];
