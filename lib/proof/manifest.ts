import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';

/** One artifact: its place below the folder of the manifest and what it must hash to. */
export interface ArtifactFile {
  readonly path: string;
  /** SHA-256 of the bytes, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A contribution to the setup, as the proving key itself records it. */
export interface ManifestContribution {
  readonly name: string;
  /** BLAKE2b-512 of the contribution's public part, lower-case hex. */
  readonly hash: string;
}

/** Everything about one verification key that statements may name. */
export interface ManifestKey {
  /** See `hashVerificationKey`. */
  readonly verificationKey: string;
  readonly files: { readonly wasm: ArtifactFile; readonly zkey: ArtifactFile; readonly verificationKey: ArtifactFile };
  /** SHA-256 over the circuit's sources with everything they include. */
  readonly source: string;
  readonly r1cs: string;
  readonly compiler: { readonly name: string; readonly version: string; readonly options: string; readonly sha256: string };
  readonly constraints: number;
  /** `dev`: made on one machine, so its maker could forge. `ceremony`: forging needs every contributor. */
  readonly setup: 'dev' | 'ceremony';
  readonly contributions: readonly ManifestContribution[];
  /** The public randomness applied last: hex, and log2 of the number of hashings. */
  readonly beacon: { readonly value: string; readonly iterations: number; readonly source: string };
  /** Hash of the transcript: see `hashTranscript` in lib/ceremony. */
  readonly transcript: string;
  /** Day on which the key was finished, YYYY-MM-DD. */
  readonly date: string;
}

/** The keys that are accepted: the current one for new statements, earlier ones for statements opened under them. */
export interface Manifest {
  readonly current: string;
  readonly keys: readonly ManifestKey[];
}

const HEX_32 = /^[0-9a-f]{64}$/;
const HEX_64 = /^[0-9a-f]{128}$/;
const PATH = /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/;

/** Reads a manifest. @returns MANIFEST_MALFORMED when a field is missing, of another form, or `current` is not in the list */
export function parseManifest(input: unknown): Checked<Manifest, 'MANIFEST_MALFORMED'> {
  const manifest = input as Manifest;
  if (!isObject(input) || !Array.isArray(manifest.keys) || !manifest.keys.every(isKey)) return refuse('MANIFEST_MALFORMED');
  const hashes = manifest.keys.map((key) => key.verificationKey);
  if (new Set(hashes).size !== hashes.length || !hashes.includes(manifest.current)) return refuse('MANIFEST_MALFORMED');
  return accept(manifest);
}

/** The key of that hash, current or earlier; null means that no statement may use it. */
export function findKey(manifest: Manifest, hash: string): ManifestKey | null {
  return manifest.keys.find((key) => key.verificationKey === hash) ?? null;
}

/** The key that new statements use. */
export function currentKey(manifest: Manifest): ManifestKey {
  return findKey(manifest, manifest.current) as ManifestKey;
}

function isKey(input: unknown): boolean {
  if (!isObject(input)) return false;
  const key = input as unknown as ManifestKey;
  return (
    matches(HEX_32, key.verificationKey, key.source, key.r1cs, key.transcript) &&
    isObject(key.files) &&
    [key.files.wasm, key.files.zkey, key.files.verificationKey].every(isFile) &&
    isObject(key.compiler) &&
    matches(/./, key.compiler.name, key.compiler.version, key.compiler.options) &&
    matches(HEX_32, key.compiler.sha256) &&
    Number.isSafeInteger(key.constraints) &&
    (key.setup === 'dev' || key.setup === 'ceremony') &&
    Array.isArray(key.contributions) &&
    key.contributions.every((one) => isObject(one) && matches(/./, one.name) && matches(HEX_64, one.hash)) &&
    isObject(key.beacon) &&
    matches(/^([0-9a-f]{2})+$/, key.beacon.value) &&
    matches(/./, key.beacon.source) &&
    Number.isSafeInteger(key.beacon.iterations) &&
    matches(/^\d{4}-\d{2}-\d{2}$/, key.date)
  );
}

function isFile(input: unknown): boolean {
  return isObject(input) && matches(PATH, input.path) && matches(HEX_32, input.sha256) && Number.isSafeInteger(input.bytes);
}

function matches(pattern: RegExp, ...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string' && pattern.test(value));
}

function isObject(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}
