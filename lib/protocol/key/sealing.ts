// SPEC §6: sealing, hashed ElGamal over Baby Jubjub
import { addField, type Field, subtractField } from '../numbers/field.ts';
import { BASE, coordinates, multiplySecret, type Point, type Scalar } from '../numbers/point.ts';
import { mask4 } from '../numbers/poseidon.ts';

/** What a seal is bound to: the statement, and the nullifier of a signer or the pair of dealer and recipient of a share. */
export type SealContext = { scope: Field; subject: Field };

export type Seal = { ephemeral: Point; ciphertext: Field[] };

/**
 * Seals one to four field elements to a key: ephemeral = randomness · B, ciphertext = plain + mask(randomness · key, context).
 * The circuit computes the same for identities. `key` must be of the prime subgroup; `randomness` is used once, never zero,
 * and erased by the caller as far as JavaScript allows. It hides but does not authenticate: a proof or a signature does.
 */
export function seal(plain: readonly Field[], key: Point, context: SealContext, randomness: Scalar): Seal {
  if (randomness === 0n) throw new RangeError('"randomness" must not be zero: the seal would be open to all');
  const mask = maskOf(multiplySecret(key, randomness), context, plain.length);
  return {
    ephemeral: multiplySecret(BASE, randomness),
    ciphertext: plain.map((value, i) => addField(value, mask[i] as Field)),
  };
}

/** Opens a ciphertext with the point that only the holder of the key, or k trustees together, can compute from `ephemeral`. */
export function unseal(ciphertext: readonly Field[], shared: Point, context: SealContext): Field[] {
  const mask = maskOf(shared, context, ciphertext.length);
  return ciphertext.map((value, i) => subtractField(value, mask[i] as Field));
}

function maskOf(shared: Point, context: SealContext, length: number): readonly Field[] {
  if (length < 1 || length > 4) throw new RangeError('a seal holds one to four field elements');
  const { x, y } = coordinates(shared);
  return mask4([x, y, context.scope, context.subject]).slice(0, length);
}
