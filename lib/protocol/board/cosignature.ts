// SPEC §9.5: cosignatures, finality, and trustees that fork
import { z } from 'zod';
import { authored } from '../key/key-messages.ts';
import { signMessage } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { hex32, positive } from '../messages/shape.ts';
import { quorumOf, type Statement, type StatementContext } from '../statement/statement.ts';
import type { BoardHead } from './checkpoint.ts';

export const cosignatureShape = z.strictObject({ type: z.literal('cosignature'), ...authored, number: positive, checkpoint: hex32 });
/** A trustee's word that it has verified the board up to this checkpoint, and has cosigned nothing that this does not follow. */
export type Cosignature = z.infer<typeof cosignatureShape>;

/** What finality looks at of a cosignature. */
type Vouched = Pick<Cosignature, 'trustee' | 'number' | 'checkpoint'>;

/** Cosigns a checkpoint. That it follows all that the trustee has cosigned, and when to, is the caller's: `mayCosign`. SPEC §9.5. */
export function signCosignature(
  { context, trustee, seed }: { context: StatementContext; trustee: number; seed: Uint8Array },
  head: Pick<BoardHead, 'number' | 'hash'>,
): Cosignature {
  const body = { type: 'cosignature' as const, statement: context.id, trustee, number: head.number, checkpoint: head.hash };
  return signMessage('cosignature', body, seed);
}

/**
 * The number of the last final checkpoint, 0 if none: the highest for which q different trustees have cosigned it or later ones of
 * its chain. `hashes[number − 1]` are the checkpoints of the chain. Cosignatures of others are not looked at. SPEC §9.5.
 */
export function lastFinal(statement: Pick<Statement, 'committee'>, hashes: readonly Hex32[], cosignatures: readonly Vouched[]): number {
  const heads = [...latestOnChain(hashes, cosignatures).values()].map(({ number }) => number).sort((a, b) => b - a);
  return heads[quorumOf(statement) - 1] ?? 0;
}

/** Of each trustee the cosignature of the latest checkpoint of a chain, which vouches for all before. SPEC §9.5. */
export function latestOnChain<C extends Vouched>(hashes: readonly Hex32[], cosignatures: readonly C[]): Map<number, C> {
  const latest = new Map<number, C>();
  for (const one of cosignatures) {
    const isOnChain = hashes[one.number - 1] === one.checkpoint;
    if (isOnChain && one.number > (latest.get(one.trustee)?.number ?? 0)) latest.set(one.trustee, one);
  }
  return latest;
}

/**
 * Trustees that forked, by their own hand, ascending: they cosigned two checkpoints of one number, or one of the chain and another
 * than the chain's of the same or a lower number. What they cosigned counts all the same. SPEC §9.5.
 */
export function findForkers(hashes: readonly Hex32[], cosignatures: readonly Vouched[]): number[] {
  return [...new Set(contradictions(hashes, cosignatures).map(({ trustee }) => trustee))].sort((a, b) => a - b);
}

/** The cosignatures that are not of the chain and contradict another of their author. SPEC §9.5, §12.1. */
export function contradictions<C extends Vouched>(hashes: readonly Hex32[], cosignatures: readonly C[]): C[] {
  const latest = latestOnChain(hashes, cosignatures);
  const seen = new Map<string, Set<Hex32>>();
  const placeOf = (one: Vouched) => `${one.trustee}/${one.number}`;
  for (const one of cosignatures) seen.set(placeOf(one), (seen.get(placeOf(one)) ?? new Set()).add(one.checkpoint));
  return cosignatures.filter((one) => {
    if (hashes[one.number - 1] === one.checkpoint) return false;
    const isBeforeLatest = one.number <= (latest.get(one.trustee)?.number ?? 0);
    return isBeforeLatest || (seen.get(placeOf(one)) as Set<Hex32>).size > 1;
  });
}
