// SPEC §1.6: Poseidon. No other file calls it.
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { poseidon4 } from 'poseidon-lite/poseidon4';
import { poseidon5 } from 'poseidon-lite/poseidon5';
import type { Field } from './field.ts';

// The circuit computes the same functions, so domains are told apart by arity and by what stands in them, not by a tag:
// commitments and nullifiers have two inputs of which one is secret, leaves have five, masks start from a secret point.

/** Poseidon over two inputs (t = 3), first output. */
export function hash2(a: Field, b: Field): Field {
  return poseidon2([a, b]) as Field;
}

/** Poseidon over five inputs (t = 6), first output. */
export function hash5(inputs: readonly [Field, Field, Field, Field, Field]): Field {
  return poseidon5([...inputs]) as Field;
}

/** Poseidon over four inputs (t = 5), the first four of its five lanes: the mask of a seal. One lane stays hidden. */
export function mask4(inputs: readonly [Field, Field, Field, Field]): readonly [Field, Field, Field, Field] {
  return poseidon4([...inputs], 4) as unknown as [Field, Field, Field, Field];
}
