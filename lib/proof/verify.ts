import { bytesToHex } from '@noble/hashes/utils.js';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { multiplyMillerLoops } from './miller-product.ts';
import {
  loadPairing,
  type PairingScalar,
  type PointG1,
  type PointG2,
  type PreparedG2,
  readG1,
  readG2,
  readProofPoints,
  type TargetElement,
  toPairingScalar,
} from './pairing.ts';
import type { ParsedProof } from './proof.ts';
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

/** One proof's part of the combined equation. `a` is already raised to its power. */
interface Term {
  readonly position: number;
  readonly power: bigint;
  readonly coefficient: PairingScalar;
  readonly a: PointG1;
  readonly b: PointG2;
  readonly c: PointG1;
  readonly publicSignals: readonly Field[];
}

interface PreparedKey {
  readonly alpha: PointG1;
  readonly beta: PreparedG2;
  readonly gamma: PreparedG2;
  readonly delta: PreparedG2;
  readonly ic: PointG1[];
}

const GROUP_SIZE = 128;
const POWER_BYTES = 16;
const prepared = new WeakMap<VerificationKey, PreparedKey>();

/**
 * Checks many Groth16 proofs under one key at once and names the bad ones.
 *
 * Every proof's equation e(A, B) = e(α, β) · e(Σ sⱼ·ICⱼ, γ) · e(C, δ) is raised to a fresh random 128-bit power and all are
 * multiplied, which leaves one Miller loop a proof (Bellare, Garay, Rabin, EUROCRYPT 1998; for Groth16 as in Zcash's batch
 * verification). A bad proof passes with probability below 2⁻¹²⁷. Where the product fails it is halved until each bad proof
 * stands alone. Curve, subgroup and the range of every signal are checked for each proof.
 *
 * @returns positions of the bad proofs, ascending; none when all are valid
 * @throws TypeError for a key whose points are not in their groups; the reason of `signal`
 */
export async function verifyProofs(key: VerificationKey, items: readonly ProofToVerify[], options: BatchOptions): Promise<number[]> {
  const mcl = await loadPairing();
  const ready = prepareKey(mcl, key);
  const bad: number[] = [];
  for (let start = 0; start < items.length; start += GROUP_SIZE) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
    const end = Math.min(start + GROUP_SIZE, items.length);
    const terms: Term[] = [];
    for (let position = start; position < end; position++) {
      const term = makeTerm(mcl, ready, items[position] as ProofToVerify, position, options.random);
      if (term) terms.push(term);
      else bad.push(position);
    }
    for (const position of findBad(mcl, ready, terms)) bad.push(position);
    options.onProgress?.(end, items.length);
  }
  return bad.sort((a, b) => a - b);
}

/** Checks one proof. Everything said of `verifyProofs` holds here too. */
export async function verifyProof(key: VerificationKey, item: ProofToVerify, random: Random): Promise<boolean> {
  return (await verifyProofs(key, [item], { random })).length === 0;
}

type Mcl = Awaited<ReturnType<typeof loadPairing>>;

function prepareKey(mcl: Mcl, key: VerificationKey): PreparedKey {
  const known = prepared.get(key);
  if (known) return known;
  const alpha = readG1(key.vk_alpha_1);
  const [beta, gamma, delta] = [key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].map(readG2);
  const ic = key.IC.map(readG1);
  if (!alpha || !beta || !gamma || !delta || ic.some((point) => point === null)) throw new TypeError('key: a point is not in its group');
  const fresh = {
    alpha,
    beta: new mcl.PrecomputedG2(beta),
    gamma: new mcl.PrecomputedG2(gamma),
    delta: new mcl.PrecomputedG2(delta),
    ic: ic as PointG1[],
  };
  prepared.set(key, fresh);
  return fresh;
}

function makeTerm(mcl: Mcl, key: PreparedKey, item: ProofToVerify, position: number, random: Random): Term | null {
  if (item.publicSignals.length !== key.ic.length - 1) return null;
  if (!item.publicSignals.every((signal) => typeof signal === 'bigint' && signal >= 0n && signal < FIELD_ORDER)) return null;
  const points = readProofPoints(item.proof);
  if (!points) return null;
  const power = drawPower(random);
  const coefficient = toPairingScalar(power);
  return { position, power, coefficient, a: mcl.mul(points.a, coefficient), b: points.b, c: points.c, publicSignals: item.publicSignals };
}

/** Uniform in 1 … 2^128 − 1: a power of 0 would take its proof out of the equation. */
function drawPower(random: Random): bigint {
  const bytes = random(POWER_BYTES);
  if (bytes.length !== POWER_BYTES) throw new TypeError('random: returned another number of bytes');
  return BigInt(`0x${bytesToHex(bytes)}`) || 1n;
}

function findBad(mcl: Mcl, key: PreparedKey, terms: readonly Term[]): number[] {
  if (terms.length === 0 || holds(mcl, key, terms, multiplyMillerLoops(terms))) return [];
  if (terms.length === 1) return [(terms[0] as Term).position];
  return narrowDown(
    mcl,
    key,
    terms.map((term) => ({ term, paired: mcl.millerLoop(term.a, term.b) })),
  );
}

/** Halves a failed batch until each bad proof stands alone, without new Miller loops. */
function narrowDown(mcl: Mcl, key: PreparedKey, failed: readonly { term: Term; paired: TargetElement }[]): number[] {
  if (failed.length === 1) return failed.map(({ term }) => term.position);
  const middle = failed.length >> 1;
  return [failed.slice(0, middle), failed.slice(middle)].flatMap((half) => {
    const product = half.map(({ paired }) => paired).reduce((left, right) => mcl.mul(left, right));
    const terms = half.map(({ term }) => term);
    return holds(mcl, key, terms, product) ? [] : narrowDown(mcl, key, half);
  });
}

/** Whether the product of these terms' equations holds. For a single term this is its own equation, exactly. */
function holds(mcl: Mcl, key: PreparedKey, terms: readonly Term[], left: TargetElement): boolean {
  const sum = (weigh: (term: Term) => bigint) => toPairingScalar(terms.reduce((total, term) => total + weigh(term), 0n) % FIELD_ORDER);
  const powers = sum((term) => term.power);
  const weights = key.ic.slice(1).map((_, j) => sum((term) => term.power * (term.publicSignals[j] as Field)));
  const inputs = mcl.mulVec(key.ic, [powers, ...weights]);
  const c = mcl.mulVec(
    terms.map((term) => term.c),
    terms.map((term) => term.coefficient),
  );
  const fixed = mcl.mul(
    mcl.precomputedMillerLoop(mcl.neg(mcl.mul(key.alpha, powers)), key.beta),
    mcl.precomputedMillerLoop2(mcl.neg(inputs), key.gamma, mcl.neg(c), key.delta),
  );
  return mcl.finalExp(mcl.mul(left, fixed)).isOne();
}
