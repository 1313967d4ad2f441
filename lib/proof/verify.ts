import { bytesToHex } from '@noble/hashes/utils.js';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { parseCoordinate } from './base-field.ts';
import { loadPairing } from './pairing.ts';
import { prepareKey } from './pairing-key.ts';
import type { ParsedProof } from './proof.ts';
import type { PairingArithmetic, Term } from './terms.ts';
import type { VerificationKey } from './verification-key.ts';

/** A proof with the signals that the *verifier* expects of it, in the order of the circuit. */
export interface ProofToVerify {
  readonly proof: ParsedProof;
  readonly publicSignals: readonly Field[];
}

export interface BatchOptions {
  /** Uniform bytes that the provers could not foresee. Never seeded outside tests: who knows them can hide bad proofs. */
  readonly random: Random;
  /** Looked at between groups of 128 proofs. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const GROUP_SIZE = 128;
const POWER_BYTES = 16;
/** Of a proof: two of A, four of B, two of C. */
const COORDINATES = 8;

/**
 * Checks many Groth16 proofs under one key at once and names the bad ones.
 *
 * Every proof's equation e(A, B) = e(α, β) · e(Σ sⱼ·ICⱼ, γ) · e(C, δ) is raised to a fresh random 128-bit power and many are
 * multiplied, which leaves one Miller loop a proof (Bellare, Garay, Rabin, EUROCRYPT 1998; for Groth16 as in Zcash's batch
 * verification). A product with a bad proof holds with a probability of at most 2⁻¹²⁷. One that fails is divided until each bad
 * proof stands alone. Curve, subgroup and the range of every signal are checked for each proof.
 *
 * @returns positions of the bad proofs, ascending; none when all are valid
 * @throws TypeError for a key whose points are not in their groups; the reason of `signal`
 */
export async function verifyProofs(key: VerificationKey, items: readonly ProofToVerify[], options: BatchOptions): Promise<number[]> {
  return verifyProofsBy(await loadPairing(), key, items, options);
}

/** The same, by that arithmetic. */
export async function verifyProofsBy(
  pairing: PairingArithmetic,
  key: VerificationKey,
  items: readonly ProofToVerify[],
  options: BatchOptions,
): Promise<number[]> {
  const ready = prepareKey(key);
  const bad: number[] = [];
  for (let start = 0; start < items.length; start += GROUP_SIZE) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
    const end = Math.min(start + GROUP_SIZE, items.length);
    const terms: Term[] = [];
    for (let position = start; position < end; position++) {
      const term = makeTerm(items[position] as ProofToVerify, ready.ic.length, position, options.random);
      if (term) terms.push(term);
      else bad.push(position);
    }
    for (const position of pairing.findBad(ready, terms)) bad.push(position);
    options.onProgress?.(end, items.length);
  }
  return bad.sort((a, b) => a - b);
}

/** Checks one proof. Everything said of `verifyProofs` holds here too. */
export async function verifyProof(key: VerificationKey, item: ProofToVerify, random: Random): Promise<boolean> {
  return (await verifyProofs(key, [item], { random })).length === 0;
}

/** @returns null for numbers that are out of range or too many or too few, also from a caller who did not parse them */
function makeTerm({ proof, publicSignals }: ProofToVerify, inputs: number, position: number, random: Random): Term | null {
  if (publicSignals.length !== inputs - 1) return null;
  if (!publicSignals.every((signal) => typeof signal === 'bigint' && signal >= 0n && signal < FIELD_ORDER)) return null;
  const coordinates = [...proof.a, ...proof.b.flat(), ...proof.c].map(parseCoordinate).filter((number) => number !== null);
  if (coordinates.length !== COORDINATES) return null;
  return { position, power: drawPower(random), coordinates, publicSignals };
}

/** Uniform in 1 … 2^128 − 1: a power of 0 would take its proof out of the equation. */
function drawPower(random: Random): bigint {
  const bytes = random(POWER_BYTES);
  if (bytes.length !== POWER_BYTES) throw new TypeError('random: returned another number of bytes');
  return BigInt(`0x${bytesToHex(bytes)}`) || 1n;
}
