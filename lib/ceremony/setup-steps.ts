import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import { type Logger, loadSnarkjs, type MemoryFile } from '#lib/proof/snarkjs.ts';
import { parseVerificationKey, type VerificationKey } from '#lib/proof/verification-key.ts';
import type { Beacon } from './beacon.ts';

// The things that a setup does to keys. Each takes bytes and gives new bytes; none changes what it was given.

/** A key before any contribution, which anybody can derive again: about 25 seconds and 300 MB for `Sign(16, 4)`. */
export async function deriveInitialKey(r1cs: Uint8Array, powersOfTau: Uint8Array): Promise<Uint8Array> {
  const { zKey } = await loadSnarkjs();
  return collect((file, logger) => zKey.newZKey(r1cs, powersOfTau, file, logger));
}

/**
 * Adds a contribution to a key: multiplies its delta by a secret that is drawn here and forgotten. About 5 seconds.
 * The key must have been verified before (`verifyChain`): contributing to somebody's own key would lend it credit.
 * JavaScript cannot promise that the secret's memory is overwritten; end the process or worker afterwards.
 *
 * @param name up to 64 characters, recorded in the key
 * @param typed text from the person at the keyboard, mixed with 64 bytes from the system's generator; may be empty
 */
export async function contributeToKey(key: Uint8Array, name: string, typed: string): Promise<Uint8Array> {
  const { zKey } = await loadSnarkjs();
  const entropy = `${bytesToHex(randomBytes(64))} ${typed}`;
  return collect((file, logger) => zKey.contribute(key, file, name, entropy, logger));
}

/** Adds the beacon's value as the last contribution. Anybody gets the same key from the same value. */
export async function applyBeacon(key: Uint8Array, name: string, beacon: Beacon, iterations: number): Promise<Uint8Array> {
  const { zKey } = await loadSnarkjs();
  return collect((file, logger) => zKey.beacon(key, file, name, beacon.value, iterations, logger));
}

/** The verification key inside a proving key. @throws Error for a key that nobody has contributed to */
export async function exportVerificationKey(key: Uint8Array, nPublic: number): Promise<VerificationKey> {
  const { zKey } = await loadSnarkjs();
  const exported = parseVerificationKey(await zKey.exportVerificationKey(key), nPublic);
  if (!exported.ok) throw new Error(exported.code);
  return exported.value;
}

/**
 * Checks a prepared powers-of-tau file with all its contributions. About 6 seconds for 2^13; a file that this process has found
 * sound before is known again by its hash.
 */
export async function verifyPowersOfTau(bytes: Uint8Array): Promise<boolean> {
  const hash = bytesToHex(sha256(bytes));
  if (soundPowersOfTau.has(hash)) return true;
  const { powersOfTau } = await loadSnarkjs();
  try {
    const isSound: boolean = await powersOfTau.verify(bytes as never, undefined, undefined);
    if (isSound) soundPowersOfTau.add(hash);
    return isSound;
  } catch {
    return false;
  }
}

const soundPowersOfTau = new Set<string>();

/** Collects what the library writes, and turns its logged complaints and false results into errors. */
export async function collect(run: (file: MemoryFile, logger: Logger) => Promise<unknown>): Promise<Uint8Array> {
  const file: MemoryFile = { type: 'mem' };
  const complaints: string[] = [];
  const silent = () => {};
  const logger = { error: (text: string) => void complaints.push(text), warn: silent, info: silent, debug: silent };
  const result = await run(file, logger);
  if (complaints.length > 0 || result === false || result === -1 || !file.data)
    throw new Error(complaints.join('; ') || 'the setup step failed');
  return file.data;
}
