import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { isOnG1, isOnG2, parseCoordinate } from './base-field.ts';

declare const checked: unique symbol;

/**
 * A Groth16 proof over BN254 as it travels: affine points, coordinates as canonical decimals below the base field's modulus.
 * `b` holds x and y as [c0, c1] with the value c0 + c1·u. Obtained only from `parseProof`. SPEC §8.2.
 */
export interface ParsedProof {
  readonly a: readonly [string, string];
  readonly b: readonly [readonly [string, string], readonly [string, string]];
  readonly c: readonly [string, string];
  readonly [checked]: true;
}

/** A proof as the prover library writes and reads it: projective, with the third coordinate spelt out. */
export interface LibraryProof {
  pi_a: string[];
  pi_b: string[][];
  pi_c: string[];
  protocol: string;
  curve: string;
}

export type ProofCode = 'PROOF_MALFORMED' | 'PROOF_NUMBER' | 'PROOF_NOT_ON_CURVE';

/**
 * Reads a proof that came from somebody else. The point at infinity has no spelling in this form, so it is never accepted.
 * That `b` lies in the right subgroup is left to the verification, which always checks it.
 *
 * @returns PROOF_MALFORMED for another shape, other lengths or further fields; PROOF_NUMBER for a coordinate that is not a
 *   canonical decimal below the modulus; PROOF_NOT_ON_CURVE
 */
export function parseProof(input: unknown): Checked<ParsedProof, ProofCode> {
  if (!isObject(input) || Object.keys(input).length !== 3) return refuse('PROOF_MALFORMED');
  const { a, b, c } = input;
  if (!isPair(a) || !isPair(b) || !isPair(c) || !isPair(b[0]) || !isPair(b[1])) return refuse('PROOF_MALFORMED');

  const numbers = [...a, ...b[0], ...b[1], ...c].map(parseCoordinate);
  if (!numbers.every((number) => number !== null)) return refuse('PROOF_NUMBER');

  const [ax, ay, bx0, bx1, by0, by1, cx, cy] = numbers as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  if (!isOnG1(ax, ay) || !isOnG1(cx, cy) || !isOnG2([bx0, bx1], [by0, by1])) return refuse('PROOF_NOT_ON_CURVE');

  const text = (value: bigint) => value.toString();
  const proof = {
    a: [text(ax), text(ay)],
    b: [
      [text(bx0), text(bx1)],
      [text(by0), text(by1)],
    ],
    c: [text(cx), text(cy)],
  };
  return accept(proof as unknown as ParsedProof);
}

/** The same proof in the prover library's form. */
export function proofToLibrary(proof: ParsedProof): LibraryProof {
  return {
    pi_a: [...proof.a, '1'],
    pi_b: [[...proof.b[0]], [...proof.b[1]], ['1', '0']],
    pi_c: [...proof.c, '1'],
    protocol: 'groth16',
    curve: 'bn128',
  };
}

/**
 * Takes a proof over from the prover library.
 *
 * @throws TypeError when the library gave something that is not an affine proof
 */
export function proofFromLibrary(proof: LibraryProof): ParsedProof {
  const affine = proof.pi_a[2] === '1' && proof.pi_c[2] === '1' && proof.pi_b[2]?.[0] === '1' && proof.pi_b[2]?.[1] === '0';
  const parsed = parseProof({ a: proof.pi_a.slice(0, 2), b: proof.pi_b.slice(0, 2), c: proof.pi_c.slice(0, 2) });
  if (!affine || !parsed.ok) throw new TypeError('proof: not an affine Groth16 proof over BN254');
  return parsed.value;
}

function isObject(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function isPair(input: unknown): input is [unknown, unknown] {
  return Array.isArray(input) && input.length === 2;
}
