import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import type { PreparedKey } from './pairing-key.ts';

/** A proof of a batch with its power: the part that it has in the equation of all. */
export interface Term {
  readonly position: number;
  /** From 1 to 2^128 - 1. */
  readonly power: bigint;
  /** Affine coordinates below the base field's modulus: x and y of A, both components of both of B, x and y of C. */
  readonly coordinates: readonly bigint[];
  /** From 0 to r - 1, one for each point IC of the key but the first. */
  readonly publicSignals: readonly Field[];
}

/** Checks terms in one thread. */
export interface PairingArithmetic {
  /** The positions, in any order, of the terms with a point off its curve or outside its subgroup, or whose equation does not hold. */
  findBad(key: PreparedKey, terms: readonly Term[]): number[];
}

/** Σ power, and for each public signal Σ power · signal, modulo the order of the groups: what the points IC are multiplied by. */
export function sumInputs(terms: readonly Term[], inputs: number): bigint[] {
  const sum = (weigh: (term: Term) => bigint) => terms.reduce((total, term) => total + weigh(term), 0n) % FIELD_ORDER;
  return Array.from({ length: inputs }, (_, j) =>
    sum(({ power, publicSignals }) => (j === 0 ? power : power * (publicSignals[j - 1] as Field))),
  );
}
