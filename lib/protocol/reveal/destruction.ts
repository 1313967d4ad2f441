// SPEC §11: destruction, and what its authors vouch for
import { z } from 'zod';
import type { Author } from '../key/key-generation.ts';
import { authored } from '../key/key-messages.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { hex32, positive, unixTime } from '../messages/shape.ts';
import { destructionTime, MOST_MEMBERS, type StatementContext } from '../statement/statement.ts';

/** The most waves that there can be: each opens somebody. */
const MOST_WAVES = MOST_MEMBERS;

export const destroyedShape = z.strictObject({
  type: z.literal('destroyed'),
  ...authored,
  time: unixTime,
  /** The last checkpoint that the author cosigned; absent if it cosigned none. */
  head: z.strictObject({ number: positive, checkpoint: hex32 }).optional(),
  /** Every final wave that the author found due, ascending. */
  waves: z
    .array(
      z.strictObject({
        number: positive,
        /** W, the hash of the wave's content. */
        content: hex32,
        /** Whether the author holds k valid openings of one chain of it. */
        opened: z.boolean(),
      }),
    )
    .max(MOST_WAVES),
});
/**
 * A trustee's word that it has erased its share, which can be believed or not; and what it last cosigned and found due, so that
 * nobody can cut a record short or hide a reveal.
 */
export type Destroyed = z.infer<typeof destroyedShape>;
/** What a trustee attests beside the erasure. */
export type Attested = Pick<Destroyed, 'head' | 'waves'>;

export type DestroyedFailure = 'DESTROYED_EARLY' | 'DESTROYED_WAVES';

/** Signs that the share is gone. To be called after it was erased, at or after deadline + grace by the trustee's own clock. */
export function signDestroyed({ context, trustee, seed }: Author, { head, waves }: Attested, now: number): Destroyed {
  const attested = { ...(head ? { head } : {}), waves };
  return signMessage('destroyed', { type: 'destroyed' as const, statement: context.id, trustee, time: now, ...attested }, seed);
}

/** Checks a destruction that `checkTrusteeMessage` has passed: not before deadline + grace, waves ascending. SPEC §11. */
export function checkDestroyed(context: StatementContext, destroyed: Destroyed): Checked<Destroyed, DestroyedFailure> {
  if (destroyed.time < destructionTime(context.statement))
    return refuse('DESTROYED_EARLY', `trustee ${destroyed.trustee} says that it destroyed its share before the grace was over`);
  const isAscending = destroyed.waves.every(({ number }, i) => i === 0 || number > (destroyed.waves[i - 1]?.number ?? 0));
  return isAscending ? accept(destroyed) : refuse('DESTROYED_WAVES', `the waves that trustee ${destroyed.trustee} names do not rise`);
}

/** How many destroyed shares make the key unrecoverable: n − k + 1, so that fewer than k are left. SPEC §11. */
export function destroyedNeeded({ statement }: { statement: Pick<StatementContext['statement'], 'committee'> }): number {
  const { threshold, trustees } = statement.committee;
  return trustees.length - threshold + 1;
}

/** A wave that trustees name: its number and W. */
export type NamedWave = { number: number; content: Hex32 };

/** What k authors of destructions say together: one of them is honest, so it is so. SPEC §11. */
export type Vouched = {
  /** The number of the checkpoint up to which the board must be shown: the k-th highest head, 0 without k heads. */
  head: number;
  /** Waves that k found due, and those of them that k call opened, ascending. */
  due: NamedWave[];
  opened: NamedWave[];
};

/** Counts what destructions of different authors say. Only what k of them say counts: one rogue must not spoil a record. SPEC §11. */
export function vouchedFor({ statement }: Pick<StatementContext, 'statement'>, destroyed: readonly Destroyed[]): Vouched {
  const { threshold } = statement.committee;
  const heads = destroyed.flatMap(({ head }) => head?.number ?? []).sort((a, b) => b - a);
  const counts = new Map<string, NamedWave & { due: number; opened: number }>();
  for (const { number, content, opened } of destroyed.flatMap(({ waves }) => waves)) {
    const count = counts.get(`${number}/${content}`) ?? { number, content, due: 0, opened: 0 };
    counts.set(`${number}/${content}`, { ...count, due: count.due + 1, opened: count.opened + Number(opened) });
  }
  const named = [...counts.values()].sort((a, b) => a.number - b.number);
  const pick = (said: 'due' | 'opened') =>
    named.filter((count) => count[said] >= threshold).map(({ number, content }) => ({ number, content }));
  return { head: heads[threshold - 1] ?? 0, due: pick('due'), opened: pick('opened') };
}
