import { basename, join } from 'node:path';
import { describeBeaconPlan } from '#lib/ceremony/beacon.ts';
import { readIfThere, writeJson, writeWhole } from '#lib/ceremony/disk.ts';
import { judgeSetup } from '#lib/ceremony/policy.ts';
import type { RunningCeremony } from '#lib/ceremony/running.ts';
import { exportVerificationKey } from '#lib/ceremony/setup-steps.ts';
import { CEREMONY_FILES, hashTranscript, type Transcript } from '#lib/ceremony/transcript.ts';
import { checkAttestations, makeTranscript } from '#lib/ceremony/verify-ceremony.ts';
import { type Manifest, type ManifestKey, parseManifest } from '#lib/proof/manifest.ts';
import { hashVerificationKey, type VerificationKey } from '#lib/proof/verification-key.ts';
import { parseJsonBytes } from '#lib/protocol/messages/json.ts';
import { compileCircuit, sha256Hex } from './compile-circuit.ts';
import { verifyRunning } from './contribute.ts';
import { readFrom } from './folder.ts';
import { expectedCost, ProgressReport, type Say } from './report.ts';

/**
 * Turns the key after the beacon into the current one: writes final key, verification key and transcript into the folder, and
 * the files for signers and verifiers into `artifacts` with a new entry in the manifest. Earlier entries stay.
 */
export async function finalizeCeremony(folder: string, artifacts: string, now: number, say: Say): Promise<ManifestKey> {
  const progress = new ProgressReport(say, [
    ['verifying the whole chain', expectedCost(8000).deriveSeconds + 15],
    ['writing the results', 8],
  ]);
  const running = await progress.run(() => verifyRunning(folder, say));
  const { description, key, contributions } = running;
  if (!contributions.at(-1)?.beacon) throw new Error('the beacon is still to come: run "beacon" first');
  const attestations = await checkAttestations(readFrom(folder), description, contributions, () => {});
  const setup = judgeSetup(description, attestations ?? []);
  if (setup.state !== 'ok') throw new Error(setup.detail);

  return progress.run(async () => {
    const verificationKey = await exportVerificationKey(key, await countPublic(running));
    const hash = hashVerificationKey(verificationKey);
    const transcript = await makeTranscript({ description, key, contributions, attestations }, hash, readFrom(folder));
    await writeWhole(join(folder, CEREMONY_FILES.key), key);
    await writeJson(join(folder, CEREMONY_FILES.verificationKey), verificationKey);
    await writeJson(join(folder, CEREMONY_FILES.transcript), transcript);
    const entry = await publish(artifacts, running, verificationKey, transcript, now);
    say(
      `Verification key ${hash}\nTranscript ${hashTranscript(transcript)}\nSetup: ${entry.setup}, ${entry.contributions.length} contributions`,
    );
    return entry;
  });
}

/** Puts the files into the artifacts folder first and names them in the manifest last. */
async function publish(
  artifacts: string,
  { description, key }: RunningCeremony,
  verificationKey: VerificationKey,
  transcript: Transcript,
  now: number,
): Promise<ManifestKey> {
  const { circuit, beacon, setup } = description;
  const hash = hashVerificationKey(verificationKey);
  const name = basename(circuit.path, '.circom');
  const compiled = await compileCircuit(circuit.path);
  const put = async (path: string, bytes: Uint8Array) => {
    await writeWhole(join(artifacts, path), bytes);
    return { path, sha256: sha256Hex(bytes), bytes: bytes.length };
  };
  const entry: ManifestKey = {
    verificationKey: hash,
    files: {
      wasm: await put(`${name}-${circuit.wasm.slice(0, 16)}.wasm`, compiled.wasm),
      zkey: await put(`${hash}/${name}.zkey`, key),
      verificationKey: await put(
        `${hash}/verification-key.json`,
        new TextEncoder().encode(`${JSON.stringify(verificationKey, null, 2)}\n`),
      ),
    },
    ...{ source: circuit.source, r1cs: circuit.r1cs, compiler: circuit.compiler, constraints: circuit.constraints, setup },
    contributions: transcript.contributions.map((one) => ({ name: one.name, hash: one.hash })),
    beacon: { value: transcript.beacon.value, iterations: beacon.iterations, source: describeBeaconPlan(beacon) },
    transcript: hashTranscript(transcript),
    date: new Date(now * 1000).toISOString().slice(0, 10),
  };
  const path = join(artifacts, 'manifest.json');
  const before = await readManifest(path);
  const earlier = before?.keys.filter((one) => one.verificationKey !== hash) ?? [];
  await writeJson(path, { current: hash, keys: [entry, ...earlier] } satisfies Manifest);
  return entry;
}

async function readManifest(path: string): Promise<Manifest | null> {
  const bytes = await readIfThere(path);
  if (!bytes) return null;
  const json = parseJsonBytes(bytes);
  const parsed = json.ok ? parseManifest(json.value) : json;
  if (!parsed.ok) throw new Error(`${path} cannot be used: ${parsed.detail ?? parsed.code}`);
  return parsed.value;
}

/** The number of public signals, from the header of the key: after two primes with their lengths and the number of wires. */
async function countPublic({ key }: RunningCeremony): Promise<number> {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  let position = 12;
  while (view.getUint32(position, true) !== 2) position += 12 + Number(view.getBigUint64(position + 4, true));
  return view.getUint32(position + 12 + 2 * (4 + 32) + 4, true);
}
