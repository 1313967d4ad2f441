import { createHash } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signAttestation } from '#lib/ceremony/attestation.ts';
import { isSound } from '#lib/ceremony/chain.ts';
import { blake2bHex } from '#lib/ceremony/powers-of-tau.ts';
import { applyBeacon, contributeToKey } from '#lib/ceremony/setup-steps.ts';
import { verifyCeremony } from '#lib/ceremony/verify-ceremony.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { type Logger, loadSnarkjs, type MemoryFile } from '#lib/proof/snarkjs.ts';
import { compileCircuit, SIGN_CIRCUIT, sha256Hex } from '#scripts/setup-ceremony/compile-circuit.ts';
import { readFrom } from '#scripts/setup-ceremony/folder.ts';
import { makePowersOfTau } from '#scripts/setup-ceremony/phase1.ts';
import { compileSignCircuit } from '../circuits/compile-sign-circuit.ts';
import { BEACON, changeBytes, changeJson, copyOf, NAMES, removeFolders, runTiny, TINY, verifyFolder } from './tiny-ceremony.ts';
import { changeContributions, changeSection, flipAt } from './zkey-surgery.ts';

let finished: string;
beforeAll(async () => {
  finished = await runTiny();
});
afterAll(removeFolders);

const bytesOf = async (path: string) => new Uint8Array(await readFile(join(finished, path)));
const quiet: Logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

describe('a ceremony of four people', () => {
  it('holds in every link', async () => {
    const links = await verifyFolder(finished);
    expect(links.filter((link) => link.state !== 'ok')).toEqual([]);
    expect(links.map((link) => link.link)).toEqual([
      ...['description', 'compilation', 'circuit', 'powers of tau', 'initial key'],
      ...['contribution 1', 'contribution 2', 'contribution 3', 'contribution 4', 'contribution 5', 'key'],
      ...['attestation 1', 'attestation 2', 'attestation 3', 'attestation 4'],
      ...['setup', 'beacon', 'verification key', 'transcript', 'manifest and artifacts'],
    ]);
  });

  it('is accepted by snarkjs too', async () => {
    const { zKey } = await loadSnarkjs();
    const { r1cs } = await compileCircuit(TINY);
    const [key, powersOfTau] = [await bytesOf('final.zkey'), await bytesOf('powers-of-tau.ptau')];
    expect(await zKey.verifyFromR1cs(r1cs, powersOfTau, key, quiet)).toBe(true);
  });

  it('gives a key that proves and verifies', async () => {
    const { groth16, wtns } = await loadSnarkjs();
    const { wasm } = await compileCircuit(TINY);
    const witness: MemoryFile = { type: 'mem' };
    await wtns.calculate({ shown: 5, hidden: 3 }, wasm, witness);
    const { proof, publicSignals } = await groth16.prove(await bytesOf('final.zkey'), witness as never);
    const key = JSON.parse(await readFile(join(finished, 'verification-key.json'), 'utf8'));
    expect(publicSignals).toEqual(['138', '5']);
    expect(await groth16.verify(key, publicSignals, proof)).toBe(true);
  });
});

describe('verification names the link that somebody broke', () => {
  const key = 'final.zkey';
  const description = 'description.json';
  const inKey = (change: (bytes: Uint8Array) => Uint8Array) => (folder: string) => changeBytes(folder, key, change);
  const inSection = (section: number, position: number) => inKey((bytes) => changeSection(bytes, section, flipAt(position)));
  const inContribution = (number: number, position: number) =>
    inKey((bytes) => changeContributions(bytes, (all) => all.map((one, i) => (i === number - 1 ? flipAt(position)(one) : one))));
  /** The beacon is the fifth contribution, and the rounds stand behind its name. */
  const inContribution5Rounds = (rounds: number) =>
    inKey((bytes) =>
      changeContributions(bytes, (all) => all.map((one, i) => (i === 4 ? one.with(64 * 3 + 128 + 64 + 8 + 9, rounds) : one))),
    );
  const keyBefore = (contributions: number) => bytesOf(`keys/000${contributions}.zkey`);
  const seed = createHash('sha256').update('somebody else').digest();
  const resigned = (number: number, change: object) => (folder: string) =>
    changeJson(folder, `attestations/000${number}.json`, ({ type: _, key: __, signature: ___, ...said }) =>
      signAttestation({ ...said, ...change }, seed),
    );

  const cases: [what: string, link: string, change: (folder: string) => Promise<unknown>][] = [
    ['no description', 'description', (folder) => rm(join(folder, description))],
    ['a description that is not one', 'description', (folder) => changeJson(folder, description, ({ beacon: _, ...rest }) => rest)],
    ['another title, so another ceremony', 'attestation 1', (folder) => changeJson(folder, description, (d) => ({ ...d, title: 'other' }))],
    [
      'another beacon announced afterwards',
      'attestation 1',
      (folder) => changeJson(folder, description, (d) => ({ ...d, beacon: { ...d.beacon, time: 1 } })),
    ],
    [
      'another compiler',
      'compilation',
      (folder) =>
        changeJson(folder, description, (d) => ({ ...d, circuit: { ...d.circuit, compiler: { ...d.circuit.compiler, version: '9' } } })),
    ],
    [
      'another source',
      'compilation',
      (folder) => changeJson(folder, description, (d) => ({ ...d, circuit: { ...d.circuit, source: '0'.repeat(64) } })),
    ],
    [
      'another circuit',
      'compilation',
      (folder) => changeJson(folder, description, (d) => ({ ...d, circuit: { ...d.circuit, path: 'test/setup-ceremony/other.circom' } })),
    ],
    [
      'other constraints',
      'compilation',
      (folder) => changeJson(folder, description, (d) => ({ ...d, circuit: { ...d.circuit, r1cs: '0'.repeat(64) } })),
    ],
    ['another initial key', 'initial key', (folder) => changeJson(folder, description, (d) => ({ ...d, initialKey: '0'.repeat(64) }))],
    [
      'another hash of the powers of tau',
      'powers of tau',
      (folder) => changeJson(folder, description, (d) => ({ ...d, powersOfTau: { ...d.powersOfTau, blake2b: '0'.repeat(128) } })),
    ],
    [
      'own powers of tau passed off as the public ones',
      'powers of tau',
      (folder) => changeJson(folder, description, (d) => ({ ...d, powersOfTau: { ...d.powersOfTau, origin: 'perpetual' } })),
    ],
    ['a byte in the powers of tau', 'powers of tau', (folder) => changeBytes(folder, 'powers-of-tau.ptau', flipAt(5000))],
    ['other powers of tau', 'powers of tau', (folder) => makePowersOfTau(folder, 5, () => {})],
    ['powers of tau that were pinned, and do not follow from their contributions', 'powers of tau', pinBrokenPowersOfTau],
    ['no powers of tau', 'powers of tau', (folder) => rm(join(folder, 'powers-of-tau.ptau'))],
    ['no key', 'key', (folder) => rm(join(folder, key))],
    ['a key cut short', 'key', inKey((bytes) => bytes.slice(0, -1))],
    ['bytes after the key', 'key', inKey((bytes) => new Uint8Array([...bytes, 0]))],
    ['alpha in the key', 'key', inSection(2, 90)],
    ['delta in G1 in the key', 'key', inSection(2, 470)],
    ['delta in G2 in the key', 'key', inSection(2, 540)],
    ['IC', 'key', inSection(3, 10)],
    ['the coefficients', 'key', inSection(4, 20)],
    ['A', 'key', inSection(5, 10)],
    ['B in G1', 'key', inSection(6, 200)],
    ['B in G2', 'key', inSection(7, 400)],
    ['L', 'key', inSection(8, 10)],
    ['H', 'key', inSection(9, 100)],
    [
      'two points of H exchanged',
      'key',
      inKey((bytes) => changeSection(bytes, 9, (h) => new Uint8Array([...h.slice(64, 128), ...h.slice(0, 64), ...h.slice(128)]))),
    ],
    ['the circuit hash in the key', 'key', inSection(10, 3)],
    ['delta after contribution 1', 'contribution 1', inContribution(1, 3)],
    ['the point s of contribution 2', 'contribution 2', inContribution(2, 70)],
    ['the point sx of contribution 3', 'contribution 3', inContribution(3, 140)],
    ['the proof of contribution 4', 'contribution 4', inContribution(4, 200)],
    ['the transcript of contribution 2', 'contribution 2', inContribution(2, 330)],
    ['a dropped contribution', 'contribution 2', inKey((bytes) => changeContributions(bytes, (all) => all.toSpliced(1, 1)))],
    ['the first contribution dropped', 'contribution 1', inKey((bytes) => changeContributions(bytes, (all) => all.slice(1)))],
    [
      'two contributions in swapped order',
      'contribution 1',
      inKey((bytes) => changeContributions(bytes, ([a, b, ...rest]) => [b!, a!, ...rest])),
    ],
    ['a contribution repeated', 'contribution 2', inKey((bytes) => changeContributions(bytes, (all) => [all[0]!, ...all]))],
    ['the record of the beacon dropped', 'key', inKey((bytes) => changeContributions(bytes, (all) => all.slice(0, -1)))],
    ['another name in the key', 'attestation 2', inContribution(2, 64 * 3 + 128 + 64 + 8 + 2)],
    [
      'swapped attestations',
      'attestation 1',
      async (folder) => {
        await rename(join(folder, 'attestations/0001.json'), join(folder, 'x'));
        await rename(join(folder, 'attestations/0002.json'), join(folder, 'attestations/0001.json'));
        await rename(join(folder, 'x'), join(folder, 'attestations/0002.json'));
      },
    ],
    ['a missing attestation', 'attestation 3', (folder) => rm(join(folder, 'attestations/0003.json'))],
    [
      'a changed attestation',
      'attestation 2',
      (folder) => changeJson(folder, 'attestations/0002.json', (a) => ({ ...a, time: a.time + 1 })),
    ],
    ['an attestation by another name', 'attestation 2', resigned(2, { name: 'Mallory' })],
    ['an attestation to another contribution', 'attestation 4', resigned(4, { contribution: '0'.repeat(128) })],
    ['an attestation to another place', 'attestation 1', resigned(1, { position: 2 })],
    ['an attestation for another ceremony', 'attestation 1', resigned(1, { ceremony: '0'.repeat(64) })],
    ['an attestation that received something else', 'attestation 3', resigned(3, { received: '0'.repeat(64) })],
    ['an attestation signed by somebody else afterwards', 'transcript', resigned(3, {})],
    ['another beacon in the file', 'beacon', (folder) => changeJson(folder, 'beacon.json', (b) => ({ ...b, value: 'c'.repeat(64) }))],
    ['another beacon in the key', 'beacon', inKey2(async () => applyBeacon(await keyBefore(4), 'beacon', { value: 'c'.repeat(64) }, 10))],
    ['another number of rounds', 'contribution 5', inKey2(async () => applyBeacon(await keyBefore(4), 'beacon', { value: BEACON }, 11))],
    ['more rounds than anybody can make', 'contribution 5', inContribution5Rounds(40)],
    [
      'an announcement of so many',
      'description',
      (folder) => changeJson(folder, description, (d) => ({ ...d, beacon: { ...d.beacon, iterations: 40 } })),
    ],
    ['a key from before the beacon', 'beacon', inKey2(() => keyBefore(4))],
    ['a contribution after the beacon', 'contribution 5', inKey2(async () => contributeToKey(await bytesOf(key), 'Mallory', ''))],
    [
      'a contribution dressed up as the beacon',
      'contribution 5',
      inKey2(
        () => keyBefore(4),
        (bytes) => changeContributions(bytes, (all) => [...all, all[3]!]),
      ),
    ],
    [
      'another verification key',
      'verification key',
      (folder) => changeJson(folder, 'verification-key.json', (k) => ({ ...k, vk_delta_2: k.vk_gamma_2 })),
    ],
    ['a verification key that is not one', 'verification key', (folder) => changeJson(folder, 'verification-key.json', () => ({}))],
    ['another transcript', 'transcript', (folder) => changeJson(folder, 'transcript.json', (t) => ({ ...t, setup: 'ceremony' }))],
    [
      'a transcript in another order',
      'transcript',
      (folder) => changeJson(folder, 'transcript.json', (t) => ({ ...t, contributions: t.contributions.toReversed() })),
    ],
    [
      'a manifest that calls it something else',
      'manifest and artifacts',
      (folder) => changeJson(folder, 'artifacts/manifest.json', (m) => ({ ...m, keys: [{ ...m.keys[0], setup: 'ceremony' }] })),
    ],
    [
      'a manifest without it',
      'manifest and artifacts',
      (folder) =>
        changeJson(folder, 'artifacts/manifest.json', (m) => ({
          current: '0'.repeat(64),
          keys: [{ ...m.keys[0], verificationKey: '0'.repeat(64) }],
        })),
    ],
    [
      'a manifest with another contributor',
      'manifest and artifacts',
      (folder) =>
        changeJson(folder, 'artifacts/manifest.json', (m) => ({
          ...m,
          keys: [{ ...m.keys[0], contributions: [{ name: 'Eve', hash: '0'.repeat(128) }] }],
        })),
    ],
    [
      'another artifact',
      'manifest and artifacts',
      async (folder) => changeBytes(folder, `artifacts/${await wasmPath(folder)}`, flipAt(99)),
    ],
  ];

  function inKey2(make: () => Promise<Uint8Array>, change = (bytes: Uint8Array) => bytes) {
    return async (folder: string) => {
      const bytes = change(await make());
      await changeBytes(folder, key, () => bytes);
    };
  }

  async function pinBrokenPowersOfTau(folder: string) {
    await changeBytes(folder, 'powers-of-tau.ptau', flipAt(5000));
    const bytes = new Uint8Array(await readFile(join(folder, 'powers-of-tau.ptau')));
    const hashes = { sha256: sha256Hex(bytes), blake2b: blake2bHex(bytes) };
    await changeJson(folder, description, (d) => ({ ...d, powersOfTau: { ...d.powersOfTau, ...hashes } }));
  }

  it.each(cases)('%s → %s', async (_, link, change) => {
    const folder = await copyOf(finished);
    await change(folder);
    const links = await verifyFolder(folder);
    expect(isSound(links)).toBe(false);
    expect(links.find((one) => one.state === 'broken')?.link).toBe(link);
  });

  async function wasmPath(folder: string): Promise<string> {
    const manifest = JSON.parse(await readFile(join(folder, 'artifacts/manifest.json'), 'utf8'));
    return manifest.keys[0].files.wasm.path;
  }
});

it('says which links it could not check, and never that they hold', async () => {
  const folder = await copyOf(finished);
  await changeBytes(folder, 'final.zkey', (bytes) => changeContributions(bytes, (all) => all.toSpliced(1, 1)));
  const links = await verifyFolder(folder);
  expect(links.filter((link) => link.state === 'ok').map((link) => link.link)).not.toContain('key');
  expect(links.filter((link) => link.state === 'unchecked').map((link) => link.link)).toEqual(
    expect.arrayContaining(['contribution 3', 'key', 'transcript']),
  );
  expect(NAMES).toHaveLength(4);
});

it('the committed ceremony of this repository holds, circuit and all', { timeout: 600_000 }, async () => {
  const compile = (place: string) => (place === SIGN_CIRCUIT ? compileSignCircuit() : compileCircuit(place));
  const sources = { ceremony: readFrom('circuits/ceremony'), artifacts: readFromDisk(), compile };
  const links = await verifyCeremony(sources);
  expect(links.filter((link) => link.state !== 'ok')).toEqual([]);
  expect(links.filter((link) => /^attestation/.test(link.link)).length).toBeGreaterThanOrEqual(3);
});
