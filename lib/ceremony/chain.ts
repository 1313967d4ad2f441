import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import { FIXED_SECTIONS, type ProvingKeyFile, parseProvingKey, SCALED_SECTIONS } from '#lib/proof/proving-key-file.ts';
import { type Curve, loadSnarkjs } from '#lib/proof/snarkjs.ts';
import { checkContribution, hashContribution, haveSameRatio, isGroupPoint, startChain } from './contribution-check.ts';
import type { CeremonyDescription } from './description.ts';
import { broken, judge, type Link, sound, unchecked } from './link.ts';
import { blake2bHex, PERPETUAL_POWERS_OF_TAU } from './powers-of-tau.ts';
import { deriveInitialKey, verifyPowersOfTau } from './setup-steps.ts';

/** A contribution of a verified chain. */
export interface ChainContribution {
  readonly name: string;
  /** BLAKE2b-512 of its public part, hex. */
  readonly hash: string;
  /** The beacon's value in hex, for the contribution that is one. */
  readonly beacon: { readonly value: string; readonly iterations: number } | null;
}

export interface ChainFiles {
  readonly key: Uint8Array;
  readonly r1cs: Uint8Array;
  readonly powersOfTau: Uint8Array;
}

export interface VerifiedChain {
  readonly links: Link[];
  /** All contributions in the key, verified or not: only `links` says whether they hold. */
  readonly contributions: ChainContribution[];
}

const POINT = 64;
const WEIGHT = 16;

/**
 * Checks a key of a ceremony from the ground up: that constraints and powers of tau are the pinned ones, the key before any
 * contribution (derived again), every contribution with its proof, and that everything else in the key follows from them.
 * Uses the prover library for arithmetic only. About 30 seconds and 300 MB for `Sign(16, 4)`.
 *
 * @param onLink hears of each link as it is decided
 */
export async function verifyChain(
  files: ChainFiles,
  description: CeremonyDescription,
  onLink: (link: Link) => void = () => {},
): Promise<VerifiedChain> {
  const links: Link[] = [];
  const add = (link: Link) => {
    links.push(link);
    onLink(link);
    return link.state === 'ok';
  };
  const { curve } = await loadSnarkjs();
  const circuitOk = add(checkCircuit(files.r1cs, description));
  const groundOk = add(await checkPowersOfTau(files.powersOfTau, description)) && circuitOk;
  const initial = groundOk ? await checkInitialKey(files, description, add) : null;
  if (!groundOk) add(unchecked('initial key', 'circuit" and "powers of tau'));

  const parsed = parseProvingKey(files.key);
  if (!parsed.ok) {
    add(broken('key', parsed.detail ?? parsed.code));
    return { links, contributions: [] };
  }
  const key = parsed.value;
  if (initial && !sameBytes(key.circuitHash, initial.circuitHash))
    add(broken('key', 'it was made for another circuit or other powers of tau'));
  const delta = await checkContributions(curve, key, description.beacon.iterations, add);
  const contributions = key.contributions.map((one) => ({
    name: one.name,
    hash: hashContribution(curve, one),
    beacon: one.beacon && { value: bytesToHex(one.beacon.value), iterations: one.beacon.iterations },
  }));
  if (!initial) add(unchecked('key', 'initial key'));
  else if (!delta) add(unchecked('key', 'contributions'));
  else add(await checkRest(curve, initial, key, delta));
  return { links, contributions };
}

/** Whether every link holds. */
export function isSound(links: readonly Link[]): boolean {
  return links.every((link) => link.state === 'ok');
}

function checkCircuit(r1cs: Uint8Array, { circuit }: CeremonyDescription): Link {
  const hash = sha256Hex(r1cs);
  return judge('circuit', hash === circuit.r1cs, `constraints ${hash}`, `constraints ${hash} instead of the pinned ${circuit.r1cs}`);
}

async function checkPowersOfTau(bytes: Uint8Array, { powersOfTau: pinned }: CeremonyDescription): Promise<Link> {
  const link = 'powers of tau';
  const hash = blake2bHex(bytes);
  if (sha256Hex(bytes) !== pinned.sha256 || hash !== pinned.blake2b)
    return broken(link, `another file than the pinned one: BLAKE2b ${hash}`);
  if (pinned.origin === 'new') {
    const valid = await verifyPowersOfTau(bytes);
    return judge(
      link,
      valid,
      'the pinned file, made for this ceremony; its own chain holds',
      'its own chain of contributions does not hold',
    );
  }
  const published = PERPETUAL_POWERS_OF_TAU[pinned.power] === hash;
  return judge(
    link,
    published,
    `perpetual ceremony, 2^${pinned.power}`,
    'pinned as the perpetual ceremony’s, which published another hash',
  );
}

async function checkInitialKey(
  files: ChainFiles,
  description: CeremonyDescription,
  add: (link: Link) => boolean,
): Promise<ProvingKeyFile | null> {
  const bytes = await deriveInitialKey(files.r1cs, files.powersOfTau);
  const hash = sha256Hex(bytes);
  const problem = `derived ${hash}, pinned ${description.initialKey}`;
  if (!add(judge('initial key', hash === description.initialKey, `derived again: ${hash}`, problem))) return null;
  const parsed = parseProvingKey(bytes);
  return parsed.ok ? parsed.value : null;
}

/** @returns delta after the last contribution, or null when one of them is broken */
async function checkContributions(
  curve: Curve,
  key: ProvingKeyFile,
  rounds: number,
  add: (link: Link) => boolean,
): Promise<Uint8Array | null> {
  let state = startChain(curve, key.circuitHash);
  for (const [i, contribution] of key.contributions.entries()) {
    const link = `contribution ${i + 1}`;
    const isLast = i === key.contributions.length - 1;
    const after =
      contribution.beacon && !isLast ? 'a beacon stands before the end' : await checkContribution(curve, state, contribution, rounds);
    if (typeof after === 'string') {
      add(broken(link, `${contribution.name || 'without a name'}: ${after}`));
      for (let later = i + 1; later < key.contributions.length; later++) add(unchecked(`contribution ${later + 1}`, link));
      return null;
    }
    add(sound(link, `${contribution.beacon ? 'beacon' : contribution.name}, ${hashContribution(curve, contribution).slice(0, 16)}…`));
    state = after;
  }
  return state.delta;
}

/** Checks everything in the key besides its contributions against the initial key and delta. */
async function checkRest(curve: Curve, initial: ProvingKeyFile, key: ProvingKeyFile, delta: Uint8Array): Promise<Link> {
  const link = 'key';
  if (!sameBytes(key.header, initial.header)) return broken(link, 'alpha, beta, gamma or the sizes are not those of the initial key');
  const altered = FIXED_SECTIONS.find((section) => !sameBytes(key.sections.get(section), initial.sections.get(section)));
  if (altered !== undefined) return broken(link, `section ${altered}, which no contribution may touch, is not that of the initial key`);
  const { G1, G2 } = curve;
  if (!G1.eq(key.delta1, delta)) return broken(link, 'delta in G1 is not that of the last contribution');
  if (!isGroupPoint(G2, key.delta2) || !G2.isZero(G2.timesScalar(key.delta2, curve.r)))
    return broken(link, 'delta in G2 is not in the subgroup');
  if (!(await haveSameRatio(curve, G1.g, delta, G2.g, key.delta2))) return broken(link, 'delta in G2 is not delta in G1');
  for (const section of SCALED_SECTIONS) {
    const problem = await checkScaled(curve, initial.sections.get(section), key.sections.get(section), initial.delta2, key.delta2);
    if (problem) return broken(link, `section ${section}: ${problem}`);
  }
  return sound(link, 'everything in it follows from the initial key and the contributions');
}

/** Checks after · delta = before · initial delta for every pair of points, by one random linear combination with 128-bit weights. */
async function checkScaled(
  curve: Curve,
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
  deltaBefore: Uint8Array,
  deltaAfter: Uint8Array,
): Promise<string | null> {
  if (!before || !after || before.length !== after.length) return 'another number of points';
  if (before.length === 0) return null;
  const count = after.length / POINT;
  for (let i = 0; i < count; i++) {
    const point = after.subarray(i * POINT, (i + 1) * POINT).slice();
    if (!curve.G1.isValid(point)) return `point ${i} is not on the curve`;
  }
  const weights = drawWeights(count);
  const [old, scaled] = [await curve.G1.multiExpAffine(before, weights), await curve.G1.multiExpAffine(after, weights)];
  return (await haveSameRatio(curve, scaled, old, deltaBefore, deltaAfter))
    ? null
    : 'its points are not those of the initial key divided by delta';
}

/** Uniform 128-bit numbers, little-endian. The system's generator gives at most 65,536 bytes at once. */
function drawWeights(count: number): Uint8Array {
  const bytes = new Uint8Array(count * WEIGHT);
  for (let start = 0; start < bytes.length; start += 65_536) bytes.set(randomBytes(Math.min(65_536, bytes.length - start)), start);
  return bytes;
}

function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
