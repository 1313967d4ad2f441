import { bn254 } from '@noble/curves/bn254.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { loadPairing, readG1, readG2, toPairingScalar } from '#lib/proof/pairing.ts';
import { type ParsedProof, parseProof } from '#lib/proof/proof.ts';
import { SIGNAL_COUNT } from '#lib/proof/signals.ts';
import { hashVerificationKey, parseVerificationKey, type VerificationKey } from '#lib/proof/verification-key.ts';
import { FIELD_ORDER, type Field } from '#lib/protocol/numbers/field.ts';
import { type Random, randomField } from '#lib/protocol/numbers/random.ts';

const SEED = 'round-robin bench: everybody knows the trapdoor of this key';
const { Fr } = bn254.fields;

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
  const mcl = await loadPairing();
  const secret = (name: string) => BigInt(`0x${bytesToHex(sha256(utf8ToBytes(`${SEED}/${name}`)))}`) % FIELD_ORDER;
  const [alpha, beta, gamma, delta] = ['alpha', 'beta', 'gamma', 'delta'].map(secret) as [bigint, bigint, bigint, bigint];
  const ic = Array.from({ length: SIGNAL_COUNT + 1 }, (_, j) => secret(`ic/${j}`));
  const { x, y } = bn254.G2.Point.BASE.toAffine();
  const first = requirePoint(readG1(['1', '2']));
  const second = requirePoint(readG2([[x.c0, x.c1].map(String), [y.c0, y.c1].map(String)]));
  const timesFirst = (scalar: bigint) => affine(mcl.mul(first, toPairingScalar(scalar))) as [string, string];
  const timesSecond = (scalar: bigint) => {
    const [x0, x1, y0, y1] = affine(mcl.mul(second, toPairingScalar(scalar))) as [string, string, string, string];
    return [
      [x0, x1],
      [y0, y1],
    ] as [[string, string], [string, string]];
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
      const [a, b] = [randomField(random), randomField(random)];
      const inputs = publicSignals.reduce((sum, signal, j) => sum + signal * (ic[j + 1] as bigint), ic[0] as bigint);
      const c = Fr.div(Fr.create(a * b - alpha * beta - gamma * inputs), delta);
      const proof = parseProof({ a: timesFirst(a), b: timesSecond(b), c: timesFirst(c) });
      if (!proof.ok) throw new Error(proof.code);
      return proof.value;
    },
  };
}

/** The coordinates of a point as canonical decimals. */
function affine(point: { normalize(): void; getStr(base: number): string }): string[] {
  point.normalize();
  return point.getStr(10).split(' ').slice(1);
}

function requirePoint<P>(point: P | null): P {
  if (point === null) throw new Error('the generator was refused');
  return point;
}
