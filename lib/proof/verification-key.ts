import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { isOnG1, isOnG2, parseCoordinate } from './base-field.ts';
import { SIGNAL_COUNT } from './signals.ts';

/** A verification key in the prover library's form: every point affine, with its third coordinate written out. */
export interface VerificationKey {
  readonly protocol: 'groth16';
  readonly curve: 'bn128';
  readonly nPublic: number;
  readonly vk_alpha_1: readonly string[];
  readonly vk_beta_2: readonly (readonly string[])[];
  readonly vk_gamma_2: readonly (readonly string[])[];
  readonly vk_delta_2: readonly (readonly string[])[];
  /** e(alpha, beta), which the library writes as well. Never read here. */
  readonly vk_alphabeta_12: unknown;
  readonly IC: readonly (readonly string[])[];
}

export type VerificationKeyCode = 'KEY_MALFORMED' | 'KEY_SIGNALS' | 'KEY_NOT_ON_CURVE' | 'KEY_WITHOUT_CONTRIBUTION';

const FIELDS = ['IC', 'curve', 'nPublic', 'protocol', 'vk_alpha_1', 'vk_alphabeta_12', 'vk_beta_2', 'vk_delta_2', 'vk_gamma_2'];

/**
 * Reads a verification key. A key whose delta equals its gamma has seen no contribution: whoever knows that can forge every
 * proof under it, so it is refused. That the key is one of ours is decided by its hash alone: see `artifacts.ts`.
 *
 * @returns KEY_SIGNALS when it is for another number of public signals, and the other codes as they say
 */
export function parseVerificationKey(input: unknown, nPublic: number = SIGNAL_COUNT): Checked<VerificationKey, VerificationKeyCode> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return refuse('KEY_MALFORMED');
  const key = input as VerificationKey;
  if (Object.keys(key).sort().join() !== FIELDS.join() || key.protocol !== 'groth16' || key.curve !== 'bn128') {
    return refuse('KEY_MALFORMED');
  }
  if (!Array.isArray(key.IC)) return refuse('KEY_MALFORMED');
  if (key.nPublic !== nPublic || key.IC.length !== nPublic + 1) return refuse('KEY_SIGNALS');

  const first = [key.vk_alpha_1, ...key.IC].map(checkG1);
  const second = [key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].map(checkG2);
  const problem = [...first, ...second].find((code) => code !== null);
  if (problem) return refuse(problem);
  if (canonicalize(key.vk_delta_2) === canonicalize(key.vk_gamma_2)) return refuse('KEY_WITHOUT_CONTRIBUTION');
  return accept(key);
}

/**
 * The name of a verification key: SHA-256 of its canonical JSON (RFC 8785), 64 lower-case hex digits. Statements contain it.
 */
export function hashVerificationKey(key: VerificationKey): string {
  return hashJson(key);
}

/** SHA-256 of the canonical JSON (RFC 8785) of a value, as lower-case hex. */
export function hashJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value: has no JSON');
  return bytesToHex(sha256(utf8ToBytes(text)));
}

function checkG1(point: unknown): VerificationKeyCode | null {
  if (!Array.isArray(point) || point.length !== 3 || point[2] !== '1') return 'KEY_MALFORMED';
  const x = parseCoordinate(point[0]);
  const y = parseCoordinate(point[1]);
  if (x === null || y === null) return 'KEY_MALFORMED';
  return isOnG1(x, y) ? null : 'KEY_NOT_ON_CURVE';
}

function checkG2(point: unknown): VerificationKeyCode | null {
  if (!Array.isArray(point) || point.length !== 3 || !point.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    return 'KEY_MALFORMED';
  }
  if (point[2][0] !== '1' || point[2][1] !== '0') return 'KEY_MALFORMED';
  const numbers = [...point[0], ...point[1]].map(parseCoordinate);
  if (!numbers.every((number) => number !== null)) return 'KEY_MALFORMED';
  const [x0, x1, y0, y1] = numbers as [bigint, bigint, bigint, bigint];
  return isOnG2([x0, x1], [y0, y1]) ? null : 'KEY_NOT_ON_CURVE';
}
