// SPEC §8: the signature of a member, an entry of the board
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
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
  }),
  /** Takes back the one signature of the same nullifier and group. */
  z.strictObject({ action: z.literal('withdraw'), group: hex32 }),
]);
export type Said = z.infer<typeof saidShape>;

export const entryShape = z.strictObject({
  type: z.literal('entry'),
  statement: hex32,
  said: saidShape,
  nullifier: fieldText,
  ephemeral: pointText,
  sealed: pointText,
  proof: proofShape,
});
/** What a member sends: what was said, by whom (a nullifier), the sealed token, and the proof that ties them. SPEC §8.3. */
export type Entry = z.infer<typeof entryShape>;

export type EntryFailure = 'BAD_SHAPE' | 'OTHER_STATEMENT' | 'UNKNOWN_GROUP' | 'BAD_POINT' | 'SEAL_OPEN_TO_ALL' | 'MINIMUM_UNREACHABLE';

/** What the proof in a message speaks of, beside what the verifier knows: entries have it, answers (SPEC §14.3) and permits (§5.10). */
export type Proven = Pick<Entry, 'nullifier' | 'ephemeral' | 'sealed'> & {
  said: {
    readonly action: string;
    readonly group: Hex32;
    readonly minimum?: number | undefined;
    readonly statement?: Hex32 | undefined;
  };
};

/** The `message` that a proof is bound to. SPEC §8.1. */
export function messageOf(said: Proven['said']): Field {
  return hashToField('message', said);
}

/** The hash that names an entry, on receipts and in what checkpoints list. Covers the proof. SPEC §8.3. */
export function entryHash(entry: Entry): Hex32 {
  return hashHex('entry', entry);
}

/**
 * Checks everything about an entry but its proof and its place on the board: shape, statement, a group that the statement
 * names, both points of the seal on the curve and not the identity (T32), a minimum that can be reached. SPEC §8.4.
 */
export function checkEntry(context: StatementContext, value: unknown): Checked<Entry, EntryFailure> {
  const shaped = checkShape(entryShape, value);
  if (!shaped.ok) return shaped;
  const entry = shaped.value;
  if (entry.statement !== context.id) return refuse('OTHER_STATEMENT', 'the signature is for another statement');
  const sealed = checkSealed(context.rolls, entry);
  if (!sealed.ok) return sealed;
  if (entry.said.action === 'sign' && (entry.said.minimum ?? 0) > totalOf(context.sizes))
    return refuse('MINIMUM_UNREACHABLE', 'the personal minimum is above the number of members');
  return shaped;
}

/** Steps 3 to 6 of SPEC §8.4: a group that is known, and a seal of two points on the curve, neither the identity. */
export function checkSealed(
  rolls: ReadonlyMap<Hex32, unknown>,
  { said, ephemeral, sealed }: Proven,
): Checked<true, 'UNKNOWN_GROUP' | 'BAD_POINT' | 'SEAL_OPEN_TO_ALL'> {
  if (!rolls.has(said.group)) return refuse('UNKNOWN_GROUP', 'this group is not named');
  // The proof shows that both points are in the prime subgroup; the identity is, too.
  const [first, second] = [parseCurvePoint(ephemeral), parseCurvePoint(sealed)];
  if (first === null) return refuse('BAD_POINT', 'the ephemeral is not on the curve');
  if (first.is0()) return refuse('SEAL_OPEN_TO_ALL', 'the ephemeral is the identity, so anyone could open the seal');
  if (second === null || second.is0()) return refuse('BAD_POINT', 'the sealed point is not on the curve, or is the identity');
  return accept(true);
}

/**
 * The 11 public signals of the circuit in its order: root, nullifier, ephemeral[2], sealed[2], scope, message, key[2], depth.
 * Root, depth, scope, message and key come from the statement and its key, never from the entry, so a proof made for anything
 * else fails. Root and depth belong to one and the same roll (T36). SPEC §8.2.
 */
export function publicSignals(context: Pick<StatementContext, 'rolls' | 'scope'>, key: Point, entry: Proven): Field[] {
  const roll = context.rolls.get(entry.said.group);
  if (!roll) throw new TypeError('"entry" must have passed checkEntry');
  const { x, y } = coordinates(key);
  return [
    fieldOf(roll.root),
    fieldOf(entry.nullifier),
    ...entry.ephemeral.map(fieldOf),
    ...entry.sealed.map(fieldOf),
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
