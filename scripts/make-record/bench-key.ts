import { bn254 } from '@noble/curves/bn254.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type ParsedProof, parseProof } from '#lib/proof/proof.ts';
import { SIGNAL_COUNT } from '#lib/proof/signals.ts';
import { hashVerificationKey, parseVerificationKey, type VerificationKey } from '#lib/proof/verification-key.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { type Random, randomField } from '#lib/protocol/numbers/random.ts';

const SEED = 'round-robin bench: everybody knows the trapdoor of this key';
const { G1, G2, fields } = bn254;
const { Fr } = fields;
/** So many proofs have a B of their own; making one takes longer than all the rest, and a verifier has to look at each anyway. */
const SECONDS = 32n;

/** Stands where a statement names its setup, and marks it as one under which everybody can forge. */
export const BENCH_SETUP: string = bytesToHex(sha256(utf8ToBytes(SEED)));

export type BenchKey = {
  key: VerificationKey;
  hash: string;
  /** A proof of anything at all, in a millisecond; it costs a verifier as much as a real one. */
  forge(publicSignals: readonly Field[], random: Random): ParsedProof;
};

/**
 * Makes a verification key whose trapdoor is known, the same at every run. With α, β, γ, δ and the exponents of IC known, any
 * (a, b) has its c = (ab − αβ − γ·Σ sⱼ·icⱼ)/δ (Groth, EUROCRYPT 2016, §3.2: this is the simulator).
 * No manifest lists it, so only a verifier that was asked for a bench accepts it.
 */
export async function makeBenchKey(): Promise<BenchKey> {
  const secret = (name: string) => BigInt(`0x${bytesToHex(sha256(utf8ToBytes(`${SEED}/${name}`)))}`) % FIELD_ORDER;
  const [alpha, beta, gamma, delta] = ['alpha', 'beta', 'gamma', 'delta'].map(secret) as [bigint, bigint, bigint, bigint];
  const ic = Array.from({ length: SIGNAL_COUNT + 1 }, (_, j) => secret(`ic/${j}`));
  const timesFirst = (scalar: bigint) => {
    const { x, y } = G1.Point.BASE.multiplyUnsafe(scalar).toAffine();
    return [x.toString(), y.toString()] as [string, string];
  };
  const timesSecond = (scalar: bigint) => {
    const { x, y } = G2.Point.BASE.multiplyUnsafe(scalar).toAffine();
    return [x, y].map(({ c0, c1 }) => [c0.toString(), c1.toString()]) as [[string, string], [string, string]];
  };
  const seconds = new Map<bigint, { scalar: bigint; point: ReturnType<typeof timesSecond> }>();
  const secondOf = (which: bigint) => {
    const scalar = secret(`b/${which}`);
    const known = seconds.get(which) ?? { scalar, point: timesSecond(scalar) };
    seconds.set(which, known);
    return known;
  };
  const parsed = parseVerificationKey({
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: SIGNAL_COUNT,
    vk_alpha_1: [...timesFirst(alpha), '1'],
    vk_beta_2: [...timesSecond(beta), ['1', '0']],
    vk_gamma_2: [...timesSecond(gamma), ['1', '0']],
    vk_delta_2: [...timesSecond(delta), ['1', '0']],
    vk_alphabeta_12: [],
    IC: ic.map((scalar) => [...timesFirst(scalar), '1']),
  });
  if (!parsed.ok) throw new Error(parsed.code);
  return {
    key: parsed.value,
    hash: hashVerificationKey(parsed.value),
    forge: (publicSignals, random) => {
      const a = randomField(random);
      const b = secondOf(randomField(random) % SECONDS);
      const inputs = publicSignals.reduce((sum, signal, j) => sum + signal * (ic[j + 1] as bigint), ic[0] as bigint);
      const c = Fr.div(Fr.create(a * b.scalar - alpha * beta - gamma * inputs), delta);
      const proof = parseProof({ a: timesFirst(a), b: b.point, c: timesFirst(c) });
      if (!proof.ok) throw new Error(proof.code);
      return proof.value;
    },
  };
}
