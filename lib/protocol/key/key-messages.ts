// SPEC §7.2 – §7.5: the messages of key generation
import { z } from 'zod';
import { type Hex32, hashHex, hashToField } from '../messages/hash.ts';
import { fieldText, hex32, hex64, pointText, trusteeIndex } from '../messages/shape.ts';
import { equalityShape, possessionShape } from '../numbers/discrete-log.ts';
import { type Field, formatField } from '../numbers/field.ts';
import type { PointText } from '../numbers/point.ts';
import type { ShareContext } from './sealing.ts';

/** Members that every message of a trustee has: the statement it is for, its author's place in the committee, a signature. */
export const authored = { statement: hex32, trustee: trusteeIndex, signature: hex64 };

export const commitShape = z.strictObject({
  type: z.literal('commit'),
  ...authored,
  /** The hash of the polynomial commitments, so that nobody can choose theirs after seeing the others'. */
  polynomial: hex32,
  /** A fresh key for this statement only, to which shares are sealed. */
  sealingKey: pointText,
  possession: possessionShape,
});
export type Commit = z.infer<typeof commitShape>;

export const sealedShareShape = z.strictObject({ recipient: trusteeIndex, ephemeral: pointText, ciphertext: fieldText });
export type SealedShare = z.infer<typeof sealedShareShape>;

export const dealShape = z.strictObject({
  type: z.literal('deal'),
  ...authored,
  /** The hash of all n commits, in the order of their trustees. */
  commits: hex32,
  /** Coefficient i times B, for i = 0 … k − 1. */
  polynomial: z.array(pointText).min(2).max(16),
  possession: possessionShape,
  /** One for each other trustee, ascending. */
  shares: z.array(sealedShareShape).min(1).max(15),
});
export type Deal = z.infer<typeof dealShape>;

export const complaintShape = z.strictObject({
  type: z.literal('complaint'),
  ...authored,
  /** The deal complained of, signed: so nobody can show its reader another one, and nobody needs to have kept it. */
  deal: dealShape,
  /** The shared point of that one seal, which opens it to everybody. */
  shared: pointText,
  proof: equalityShape,
});
export type Complaint = z.infer<typeof complaintShape>;

export const confirmShape = z.strictObject({
  type: z.literal('confirm'),
  ...authored,
  transcript: hex32,
  /** That the author knows the share behind its verification key. */
  possession: possessionShape,
});
export type Confirm = z.infer<typeof confirmShape>;

export type KeyMessage = Commit | Deal | Complaint | Confirm;

/** The hash that a commit publishes of the polynomial that its deal will show. SPEC §7.2. */
export function polynomialHash(statement: Hex32, trustee: number, polynomial: readonly PointText[]): Hex32 {
  return hashHex('polynomial', { statement, trustee, polynomial });
}

/** The hash of all commits, by which a deal shows that it was made after them. SPEC §7.3. */
export function commitsHash(statement: Hex32, commits: readonly Hex32[]): Hex32 {
  return hashHex('commits', { statement, commits });
}

/** The hash of the whole transcript: what all trustees confirm, and where the board begins. SPEC §7.4. */
export function transcriptHash(statement: Hex32, commits: readonly Hex32[], deals: readonly Hex32[]): Hex32 {
  return hashHex('transcript', { statement, commits, deals });
}

/** What a sealed share is bound to: the statement, and the pair of dealer and recipient. SPEC §7.3. */
export function shareContext(scope: Field, dealer: number, recipient: number): ShareContext {
  return { scope, subject: hashToField('share-context', { scope: formatField(scope), dealer, recipient }) };
}
