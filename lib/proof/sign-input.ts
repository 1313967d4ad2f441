import { MAX_DEPTH } from '#lib/protocol/member/roll.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';

/** Everything that a signer's proof is made from. `siblings` holds exactly `depth` nodes, from the leaf upwards. */
export interface SignInput {
  readonly scope: Field;
  readonly message: Field;
  readonly key: readonly [Field, Field];
  readonly depth: number;
  readonly secret: Field;
  readonly blinding: Field;
  /** What the token's y is made of. SPEC §3.3. */
  readonly nameHash: Field;
  readonly salt: Field;
  /** The member's token as it stands in the leaf, x and y. */
  readonly token: readonly [Field, Field];
  readonly index: number;
  readonly siblings: readonly Field[];
  /** Uniform below the order of Baby Jubjub's subgroup and not 0, fresh for every proof: it opens the seal. */
  readonly randomness: bigint;
}

/** Inputs of the compiled circuit by signal name, as canonical decimals. */
export type CircuitInput = Record<string, string | string[]>;

/**
 * Lays a signer's values out for the circuit. Siblings above the depth are filled with 0; the circuit does not use them.
 *
 * @throws RangeError when depth, index or the number of siblings do not fit together, or randomness is 0 or too wide
 */
export function signInput(input: SignInput): CircuitInput {
  const { depth, index, siblings, randomness } = input;
  if (!Number.isInteger(depth) || depth < 1 || depth > MAX_DEPTH) throw new RangeError('depth');
  if (siblings.length !== depth) throw new RangeError('siblings');
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** depth) throw new RangeError('index');
  if (randomness <= 0n || randomness >= 1n << 251n) throw new RangeError('randomness');

  return {
    scope: input.scope.toString(),
    message: input.message.toString(),
    key: input.key.map(String),
    depth: depth.toString(),
    secret: input.secret.toString(),
    blinding: input.blinding.toString(),
    nameHash: input.nameHash.toString(),
    salt: input.salt.toString(),
    token: input.token.map(String),
    index: index.toString(),
    siblings: [...siblings.map(String), ...Array<string>(MAX_DEPTH - depth).fill('0')],
    randomness: randomness.toString(),
  };
}
