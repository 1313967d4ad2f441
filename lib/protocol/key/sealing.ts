// SPEC §6: sealing over Baby Jubjub. Tokens are sealed by plain ElGamal, shares of a key by hashed ElGamal.
import { addField, type Field, subtractField } from '../numbers/field.ts';
import { BASE, coordinates, multiplySecret, type Point, type Scalar } from '../numbers/point.ts';
import { hash4 } from '../numbers/poseidon.ts';

/** A point sealed to a key: ephemeral = u·B, sealed = point + u·key. Anybody can re-randomise it; that is what mixing does. */
export type SealedPoint = { ephemeral: Point; sealed: Point };

/**
 * Seals a point to a key, as the circuit does (ElGamal 1985). `key` must be of the prime subgroup; `randomness` is used once,
 * never zero, and erased by the caller as far as JavaScript allows. SPEC §6.1.
 */
export function sealPoint(point: Point, key: Point, randomness: Scalar): SealedPoint {
  requireRandomness(randomness);
  return { ephemeral: multiplySecret(BASE, randomness), sealed: point.add(multiplySecret(key, randomness)) };
}

/** Opens a sealed point with the shared point u·key, which the holder of the key, or k trustees together, have from `ephemeral`. */
export function openPoint(sealed: Point, shared: Point): Point {
  return sealed.subtract(shared);
}

/** What the seal of a share is bound to: the statement, and a subject that tells dealer and recipient. */
export type ShareContext = { scope: Field; subject: Field };

/** A share as it travels: `ciphertext` is the share plus a mask that the shared point gives. */
export type SealedNumber = { ephemeral: Point; ciphertext: Field };

/**
 * Seals a number to a key: ephemeral = u·B, ciphertext = number + P4(X, Y, scope, subject) with (X, Y) = u·key. It hides but
 * does not authenticate: the dealer's signature does. `key` and `randomness` as for `sealPoint`. SPEC §6.2.
 */
export function sealNumber(number: Field, key: Point, context: ShareContext, randomness: Scalar): SealedNumber {
  requireRandomness(randomness);
  const mask = maskOf(multiplySecret(key, randomness), context);
  return { ephemeral: multiplySecret(BASE, randomness), ciphertext: addField(number, mask) };
}

/** Opens a sealed number with the shared point, which only the holder of the key can compute from `ephemeral`. SPEC §6.2. */
export function openNumber(ciphertext: Field, shared: Point, context: ShareContext): Field {
  return subtractField(ciphertext, maskOf(shared, context));
}

function maskOf(shared: Point, { scope, subject }: ShareContext): Field {
  const { x, y } = coordinates(shared);
  return hash4([x, y, scope, subject]);
}

function requireRandomness(randomness: Scalar): void {
  if (randomness === 0n) throw new RangeError('"randomness" must not be zero: the seal would be open to all');
}
