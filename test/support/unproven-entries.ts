import type { Body } from '#lib/protocol/board/listed.ts';
import { listedHash } from '#lib/protocol/board/listed.ts';
import { type Entry, entryHash, type Said } from '#lib/protocol/board/signature.ts';
import { BASE, formatPoint, multiplyPublic, toScalar } from '#lib/protocol/numbers/point.ts';

/** An entry that is good in all but its proof; its points follow from its nullifier. */
export function unprovenEntry(statement: string, nullifier: number, said: Said): Entry {
  return {
    type: 'entry',
    statement,
    said,
    nullifier: String(nullifier),
    ephemeral: formatPoint(multiplyPublic(BASE, toScalar(BigInt(nullifier)))),
    sealed: formatPoint(multiplyPublic(BASE, toScalar(BigInt(nullifier + 1_000)))),
    proof: { a: ['1', '2'], b: [['1', '2'], ['1', '2']], c: ['1', '2'] }, // biome-ignore format: a proof is short
  };
}

/** The same with a listing salt that follows from the nullifier, and the hash under which it is listed. */
export function unprovenBody(statement: string, nullifier: number, said: Said): Body & { hash: string; listed: string } {
  const entry = unprovenEntry(statement, nullifier, said);
  const salt = nullifier.toString(16).padStart(64, '0');
  const hash = entryHash(entry);
  return { entry, salt, hash, listed: listedHash(hash, salt) };
}

/** Bodies in the order of a checkpoint's list, without what they were computed with. */
export function inListedOrder(bodies: readonly ReturnType<typeof unprovenBody>[]): Body[] {
  return [...bodies].sort((a, b) => (a.listed < b.listed ? -1 : 1)).map(({ entry, salt }) => ({ entry, salt }));
}
