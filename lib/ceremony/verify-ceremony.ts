import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { FetchFile } from '#lib/proof/artifacts.ts';
import { findKey, parseManifest } from '#lib/proof/manifest.ts';
import { hashJson, hashVerificationKey, parseVerificationKey } from '#lib/proof/verification-key.ts';
import { parseJsonBytes } from '#lib/protocol/messages/json.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { type Attestation, parseAttestation } from './attestation.ts';
import { beaconShape, checkBeacon, isBeaconDue } from './beacon.ts';
import { type ChainContribution, verifyChain } from './chain.ts';
import { type CeremonyDescription, hashDescription, parseDescription } from './description.ts';
import { broken, judge, type Link, sound, unchecked } from './link.ts';
import { judgeSetup } from './policy.ts';
import { exportVerificationKey } from './setup-steps.ts';
import { attestationPath, CEREMONY_FILES, hashTranscript, type Transcript, transcriptShape } from './transcript.ts';

/** What the checker compiled itself from the sources in its hands. */
export interface OwnCompilation {
  readonly r1cs: Uint8Array;
  readonly wasm: Uint8Array;
  readonly source: string;
  readonly compiler: CeremonyDescription['circuit']['compiler'];
  readonly constraints: number;
}

export interface CeremonySources {
  /** Reads a file of the ceremony's folder. */
  readonly ceremony: FetchFile;
  /** Reads a file of the artifacts folder whose manifest lists the result; left out, that is not checked. */
  readonly artifacts?: FetchFile;
  /** Compiles the circuit of that path from the checker's own sources. */
  readonly compile: (path: string) => Promise<OwnCompilation>;
}

/**
 * Checks a finished ceremony from public files alone and tells each link as it is decided: description, compilation, circuit,
 * powers of tau, initial key, every contribution, key, every attestation, setup, beacon, verification key, transcript, manifest, artifacts.
 */
export async function verifyCeremony(sources: CeremonySources, onLink: (link: Link) => void = () => {}): Promise<Link[]> {
  const links: Link[] = [];
  const add = (link: Link) => {
    links.push(link);
    onLink(link);
  };
  const description = await readDescription(sources.ceremony);
  if (typeof description === 'string') {
    add(broken('description', description));
    return links;
  }
  add(sound('description', `${description.title}: ${hashDescription(description)}`));
  const compiled = await sources.compile(description.circuit.path);
  add(checkCompilation(description, compiled));

  const [key, powersOfTau] = await Promise.all([
    readOrNull(sources.ceremony, CEREMONY_FILES.key),
    readOrNull(sources.ceremony, CEREMONY_FILES.powersOfTau),
  ]);
  if (!key || !powersOfTau) {
    add(broken(key ? 'powers of tau' : 'key', 'the file is missing'));
    return links;
  }
  const chain = await verifyChain({ key, powersOfTau, r1cs: compiled.r1cs }, description, add);
  const attestations = await checkAttestations(sources.ceremony, description, chain.contributions, add);
  add(judgeSetup(description, attestations ?? []));
  await checkEnd(sources, { description, key, contributions: chain.contributions, attestations, links }, add);
  return links;
}

/** Reads a ceremony's description. @returns what is wrong with it, in words, when it cannot be used */
export async function readDescription(ceremony: FetchFile): Promise<CeremonyDescription | string> {
  const bytes = await readOrNull(ceremony, CEREMONY_FILES.description);
  if (!bytes) return 'the file is missing or cannot be read';
  const json = parseJsonBytes(bytes);
  const parsed = parseDescription(json.ok ? json.value : null);
  return parsed.ok ? parsed.value : (parsed.detail ?? parsed.code);
}

/** Compares what the checker compiled with what the description pins. */
export function checkCompilation({ circuit }: CeremonyDescription, compiled: OwnCompilation): Link {
  const own = {
    ...{ source: compiled.source, r1cs: sha256Hex(compiled.r1cs), wasm: sha256Hex(compiled.wasm) },
    ...{ compiler: hashJson(compiled.compiler), constraints: compiled.constraints },
  };
  const pinned: Record<string, unknown> = { ...circuit, compiler: hashJson(circuit.compiler) };
  const differing = Object.entries(own)
    .filter(([name, value]) => pinned[name] !== value)
    .map(([name]) => name);
  const { name, version } = compiled.compiler;
  return judge(
    'compilation',
    differing.length === 0,
    `${circuit.path} with ${name} ${version}, ${own.constraints} constraints`,
    `differs in ${differing.join(', ')}`,
  );
}

/**
 * Checks the attestations of a chain's contributions, the beacon's excepted: signature, place, name, hash, that each contributor
 * received what the one before made, and a time before the beacon's moment.
 *
 * @returns the attestations, or null when one of them is broken
 */
export async function checkAttestations(
  ceremony: FetchFile,
  description: CeremonyDescription,
  contributions: readonly ChainContribution[],
  add: (link: Link) => void,
): Promise<Attestation[] | null> {
  const attestations: Attestation[] = [];
  let made = description.initialKey;
  let allSound = true;
  for (const [i, contribution] of contributions.entries()) {
    if (contribution.beacon) continue;
    const link = `attestation ${i + 1}`;
    const parsed = parseAttestation(await readJson(ceremony, attestationPath(i + 1)));
    const problem = parsed.ok ? findProblem(parsed.value, description, i + 1, contribution, made) : (parsed.detail ?? parsed.code);
    add(judge(link, problem === null, `${contribution.name}`, problem ?? ''));
    if (problem !== null) allSound = false;
    if (parsed.ok) {
      made = parsed.value.made;
      attestations.push(parsed.value);
    }
  }
  return allSound ? attestations : null;
}

function findProblem(
  attestation: Attestation,
  description: CeremonyDescription,
  position: number,
  contribution: ChainContribution,
  received: string,
): string | null {
  if (attestation.ceremony !== hashDescription(description)) return 'it is for another ceremony';
  if (attestation.position !== position) return `it is for contribution ${attestation.position}`;
  if (attestation.name !== contribution.name) return `it is by ${attestation.name}, the key says ${contribution.name}`;
  if (attestation.contribution !== contribution.hash) return 'it attests to another contribution than the one in the key';
  if (attestation.received !== received) return 'what it received is not what the one before made';
  if (isBeaconDue(description.beacon, attestation.time)) return 'it was made when the beacon could be known';
  return null;
}

interface Findings {
  readonly description: CeremonyDescription;
  readonly key: Uint8Array;
  readonly contributions: readonly ChainContribution[];
  readonly attestations: Attestation[] | null;
  readonly links: readonly Link[];
}

/** Beacon, verification key, transcript, manifest and artifacts. */
async function checkEnd(sources: CeremonySources, found: Findings, add: (link: Link) => void): Promise<void> {
  const beacon = await checkCeremonyBeacon(sources.ceremony, found);
  add(beacon);
  const unsound = found.links.find((link) => link.state === 'broken')?.link;
  if (unsound !== undefined) {
    for (const link of ['verification key', 'transcript', 'manifest and artifacts']) add(unchecked(link, unsound));
    return;
  }
  const published = await readJson(sources.ceremony, CEREMONY_FILES.verificationKey);
  const nPublic = (published as { nPublic?: unknown } | null)?.nPublic;
  const parsed = parseVerificationKey(published, typeof nPublic === 'number' ? nPublic : undefined);
  const exported = parsed.ok ? await exportVerificationKey(found.key, parsed.value.nPublic).then(hashVerificationKey, () => null) : null;
  const hash = parsed.ok ? hashVerificationKey(parsed.value) : null;
  add(judge('verification key', hash !== null && hash === exported, `${hash}`, 'it is not the one inside the final key'));
  if (hash === null || hash !== exported) {
    for (const link of ['transcript', 'manifest and artifacts']) add(unchecked(link, 'verification key'));
    return;
  }

  const expected = await makeTranscript(found, hash, sources.ceremony);
  const transcript = checkShape(transcriptShape, await readJson(sources.ceremony, CEREMONY_FILES.transcript));
  const same = transcript.ok && hashTranscript(transcript.value) === hashTranscript(expected);
  add(judge('transcript', same, hashTranscript(expected), 'it does not sum up the other files'));
  if (!sources.artifacts) return;
  if (same) add(await checkArtifacts(sources.artifacts, found.description, expected, hash));
  else add(unchecked('manifest and artifacts', 'transcript'));
}

async function checkCeremonyBeacon(ceremony: FetchFile, { description, contributions }: Findings): Promise<Link> {
  const last = contributions.at(-1)?.beacon;
  if (!last) return broken('beacon', 'the last contribution is no beacon');
  const read = checkShape(beaconShape, await readJson(ceremony, CEREMONY_FILES.beacon));
  if (!read.ok) return broken('beacon', read.detail ?? read.code);
  if (read.value.value !== last.value) return broken('beacon', 'the key was made with another value');
  if (last.iterations !== description.beacon.iterations)
    return broken('beacon', `2^${last.iterations} rounds instead of the announced 2^${description.beacon.iterations}`);
  const checked = checkBeacon(description.beacon, read.value);
  const note = {
    known: 'known beforehand, so it adds nothing',
    public: 'compare it with its announced source',
    drand: 'the announced drand round',
  };
  return checked.ok
    ? sound('beacon', `${last.value.slice(0, 16)}… (${note[description.beacon.kind]})`)
    : broken('beacon', checked.detail ?? checked.code);
}

/** Sums a finished ceremony up. @throws TypeError when a part is missing that the checks before would have named */
export async function makeTranscript(
  found: Pick<Findings, 'description' | 'key' | 'contributions' | 'attestations'>,
  verificationKey: string,
  ceremony: FetchFile,
): Promise<Transcript> {
  const beacon = checkShape(beaconShape, await readJson(ceremony, CEREMONY_FILES.beacon));
  const last = found.contributions.at(-1);
  if (!beacon.ok || !last || !found.attestations) throw new TypeError('found: not a finished ceremony');
  return {
    format: 'round-robin-transcript/1',
    ceremony: hashDescription(found.description),
    setup: found.description.setup,
    contributions: found.attestations.map((one) => ({ name: one.name, hash: one.contribution, attestation: hashJson(one) })),
    beacon: { ...beacon.value, hash: last.hash },
    key: sha256Hex(found.key),
    verificationKey,
  };
}

async function checkArtifacts(artifacts: FetchFile, description: CeremonyDescription, transcript: Transcript, hash: string): Promise<Link> {
  const link = 'manifest and artifacts';
  const manifest = parseManifest(await readJson(artifacts, 'manifest.json'));
  if (!manifest.ok) return broken(link, manifest.code);
  const entry = findKey(manifest.value, hash);
  if (!entry) return broken(link, 'the manifest does not list the verification key');
  const { circuit } = description;
  const claims: [string, unknown, unknown][] = [
    ['setup', entry.setup, description.setup],
    ['transcript', entry.transcript, hashTranscript(transcript)],
    ['source', entry.source, circuit.source],
    ['r1cs', entry.r1cs, circuit.r1cs],
    ['compiler', hashJson(entry.compiler), hashJson(circuit.compiler)],
    ['constraints', entry.constraints, circuit.constraints],
    ['contributions', hashJson(entry.contributions), hashJson(transcript.contributions.map(({ name, hash }) => ({ name, hash })))],
    ['beacon', entry.beacon.value, transcript.beacon.value],
    ['wasm', entry.files.wasm.sha256, circuit.wasm],
    ['zkey', entry.files.zkey.sha256, transcript.key],
  ];
  const wrong = claims.filter(([, said, is]) => said !== is).map(([name]) => name);
  if (wrong.length > 0) return broken(link, `the manifest says otherwise: ${wrong.join(', ')}`);
  for (const file of Object.values(entry.files)) {
    const bytes = await readOrNull(artifacts, file.path);
    if (!bytes || bytes.length !== file.bytes || sha256Hex(bytes) !== file.sha256)
      return broken(link, `${file.path} is missing or altered`);
  }
  return sound(link, 'the manifest lists this key, and its files are there');
}

async function readJson(fetchFile: FetchFile, path: string): Promise<unknown> {
  const bytes = await readOrNull(fetchFile, path);
  const parsed = bytes && parseJsonBytes(bytes);
  return parsed?.ok ? parsed.value : null;
}

async function readOrNull(fetchFile: FetchFile, path: string): Promise<Uint8Array | null> {
  return fetchFile(path).catch(() => null);
}

function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
