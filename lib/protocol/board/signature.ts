// SPEC §8: the signature of a member, an entry of the board
import { z } from 'zod';
import { type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashHex, hashToField } from '../messages/hash.ts';
import { checkShape, fieldText, hex32, pointText } from '../messages/shape.ts';
import { type Field, type FieldText, parseDecimal, parseField, toField } from '../numbers/field.ts';
import { coordinates, type Point, parseCurvePoint } from '../numbers/point.ts';
import type { StatementContext } from '../statement/statement.ts';
import { totalOf } from '../statement/trigger.ts';

/** q, the order of the field over which the proof's points have their coordinates. */
export const BASE_FIELD_ORDER = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const coordinate = z.string().refine((text) => parseDecimal(text, BASE_FIELD_ORDER) !== null, 'expected a canonical base field element');
const pair = z.tuple([coordinate, coordinate]).readonly();

/** A Groth16 proof: affine points of BN254. Whether they are on the curve and in the subgroup is for the proof verifier. SPEC §8.2. */
export const proofShape = z.strictObject({ a: pair, b: z.tuple([pair, pair]).readonly(), c: pair });
export type Proof = z.infer<typeof proofShape>;

/** What the signer says beside the statement; its hash is the `message` of the circuit. SPEC §8.1. */
export const saidShape = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('sign'),
    group: hex32,
    /** "Only if at least so many of us are revealed." */
    minimum: z.int().min(2).optional(),
    /** The hash of a testimony that is sealed beside the signature. SPEC §8.5. */
    testimony: hex32.optional(),
  }),
  z.strictObject({ action: z.literal('withdraw'), group: hex32, /** The hash of the entry withdrawn. */ withdraws: hex32 }),
]);
export type Said = z.infer<typeof saidShape>;

export const entryShape = z.strictObject({
  type: z.literal('entry'),
  statement: hex32,
  said: saidShape,
  nullifier: fieldText,
  ephemeral: pointText,
  ciphertext: z.tuple([fieldText, fieldText, fieldText, fieldText]).readonly(),
  proof: proofShape,
});
/** One line of the board: what was said, by whom (a nullifier), the sealed identity, and the proof that ties them. */
export type Entry = z.infer<typeof entryShape>;

export type EntryFailure = 'BAD_SHAPE' | 'OTHER_STATEMENT' | 'UNKNOWN_GROUP' | 'BAD_POINT' | 'SEAL_OPEN_TO_ALL' | 'MINIMUM_UNREACHABLE';

/** The `message` that a proof is bound to. SPEC §8.1. */
export function messageOf(said: Said): Field {
  return hashToField('message', said);
}

/** The hash that names an entry: on receipts, in checkpoints, in withdrawals. Covers the proof. SPEC §8.3. */
export function entryHash(entry: Entry): Hex32 {
  return hashHex('entry', entry);
}

/** The hash that commits to a sealed testimony; its ciphertext travels apart. Salt and ciphertext are lower-case hex. SPEC §8.5. */
export function testimonyHash(statement: Hex32, nullifier: FieldText, ciphertext: string): Hex32 {
  return hashHex('testimony', { statement, nullifier, ciphertext });
}

/**
 * Checks everything about an entry but its proof and its place on the board: shape, statement, a group that the statement
 * names, an ephemeral on the curve that is not the identity (T32), a minimum that can be reached. SPEC §8.4.
 */
export function checkEntry(context: StatementContext, value: unknown): Checked<Entry, EntryFailure> {
  const shaped = checkShape(entryShape, value);
  if (!shaped.ok) return shaped;
  const entry = shaped.value;
  if (entry.statement !== context.id) return refuse('OTHER_STATEMENT', 'the signature is for another statement');
  if (!context.rolls.has(entry.said.group)) return refuse('UNKNOWN_GROUP', 'the statement does not name this group');
  // The proof shows that the ephemeral is a multiple of B, hence in the prime subgroup; the identity is such a multiple too.
  const ephemeral = parseCurvePoint(entry.ephemeral);
  if (ephemeral === null) return refuse('BAD_POINT', 'the ephemeral is not on the curve');
  if (ephemeral.is0()) return refuse('SEAL_OPEN_TO_ALL', 'the ephemeral is the identity, so anyone could open the seal');
  if (entry.said.action === 'sign' && (entry.said.minimum ?? 0) > totalOf(context.sizes))
    return refuse('MINIMUM_UNREACHABLE', 'the personal minimum is above the number of members');
  return shaped;
}

/**
 * The 13 public signals of the circuit in its order: root, nullifier, ephemeral[2], ciphertext[4], scope, message, key[2],
 * depth. Root, depth, scope, message and key come from the statement and its key, never from the entry, so a proof made for
 * anything else fails. Root and depth belong to one and the same roll (T36). SPEC §8.2.
 */
export function publicSignals(context: StatementContext, key: Point, entry: Entry): Field[] {
  const roll = context.rolls.get(entry.said.group);
  if (!roll) throw new TypeError('"entry" must have passed checkEntry');
  const { x, y } = coordinates(key);
  return [
    fieldOf(roll.root),
    fieldOf(entry.nullifier),
    ...entry.ephemeral.map(fieldOf),
    ...entry.ciphertext.map(fieldOf),
    context.scope,
    messageOf(entry.said),
    x,
    y,
    toField(BigInt(roll.depth)),
  ];
}

/** The field element of a text that a shape check has passed. @throws TypeError otherwise. */
export function fieldOf(text: FieldText): Field {
  const value = parseField(text);
  if (value === null) throw new TypeError('"text" must have passed its shape check');
  return value;
}

/** The order of entries in a checkpoint: by nullifier as a number, a signature before its withdrawal. SPEC §9.2. */
export function compareEntries(a: Entry, b: Entry): number {
  const [x, y] = [BigInt(a.nullifier), BigInt(b.nullifier)];
  if (x !== y) return x < y ? -1 : 1;
  return Number(a.said.action === 'withdraw') - Number(b.said.action === 'withdraw');
}
