import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Attestation, formatAttestation } from '#lib/ceremony/attestation.ts';
import { planQuicknet } from '#lib/ceremony/beacon.ts';
import { verifyChain } from '#lib/ceremony/chain.ts';
import { checkOffered } from '#lib/ceremony/check-offered.ts';
import type { CeremonyDescription } from '#lib/ceremony/description.ts';
import type { Link } from '#lib/ceremony/link.ts';
import { judgeSetup } from '#lib/ceremony/policy.ts';
import { PERPETUAL_POWERS_OF_TAU } from '#lib/ceremony/powers-of-tau.ts';
import { makeContribution } from '#lib/ceremony/running.ts';
import { applyBeacon, exportVerificationKey } from '#lib/ceremony/setup-steps.ts';
import { attestationPath, runningKeyPath } from '#lib/ceremony/transcript.ts';
import { makeTranscript } from '#lib/ceremony/verify-ceremony.ts';
import { hashVerificationKey } from '#lib/proof/verification-key.ts';
import { closeCeremony } from '#scripts/setup-ceremony/close.ts';
import { compileCircuit } from '#scripts/setup-ceremony/compile-circuit.ts';
import { contribute } from '#scripts/setup-ceremony/contribute.ts';
import { finalizeCeremony } from '#scripts/setup-ceremony/finalize.ts';
import { readFrom } from '#scripts/setup-ceremony/folder.ts';
import { prepareCeremony } from '#scripts/setup-ceremony/prepare.ts';
import {
  BEACON,
  changeJson,
  contributor,
  NOW,
  PUBLIC_BEACON,
  prepareTiny,
  removeFolders,
  silent,
  startTiny,
  TINY,
  verifyFolder,
} from './tiny-ceremony.ts';

afterAll(removeFolders);

const seedOf = (person: number) => new Uint8Array(32).fill(person);
const bytesOf = async (folder: string, file: string) => new Uint8Array(await readFile(join(folder, file)));

async function put(folder: string, file: string, content: Uint8Array | object): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), content instanceof Uint8Array ? content : JSON.stringify(content));
}

/** A folder that calls itself a ceremony, before anybody has contributed: our own command would refuse to make it. */
async function forgeDescription(): Promise<string> {
  const folder = await prepareTiny();
  await changeJson(folder, 'description.json', (description) => ({ ...description, setup: 'ceremony' }));
  return folder;
}

/** A whole ceremony on one machine that calls itself one, with tools that do not ask: contributions by these people. */
async function forgeCeremony(people: readonly number[]): Promise<Link[]> {
  const folder = await forgeDescription();
  const description = JSON.parse(await readFile(join(folder, 'description.json'), 'utf8')) as CeremonyDescription;
  let key = await bytesOf(folder, runningKeyPath(0));
  const attestations: Attestation[] = [];
  for (const [i, person] of people.entries()) {
    const running = { description, key, contributions: Array.from({ length: i }, () => ({ name: '', hash: '', beacon: null })) };
    const made = await makeContribution(running, { name: `Person ${i + 1}`, typed: 'x', seed: seedOf(person), now: NOW + 60 + i });
    await put(folder, attestationPath(i + 1), made.attestation);
    expect(formatAttestation(made.attestation)).toContain(`Person ${i + 1}`);
    attestations.push(made.attestation);
    key = new Uint8Array(made.key);
  }
  const final = await applyBeacon(key, 'beacon', { value: BEACON }, PUBLIC_BEACON.iterations);
  await put(folder, 'beacon.json', { value: BEACON });
  await put(folder, 'final.zkey', final);
  const verificationKey = await exportVerificationKey(final, 2);
  await put(folder, 'verification-key.json', verificationKey);
  const files = { key: final, r1cs: (await compileCircuit(TINY)).r1cs, powersOfTau: await bytesOf(folder, 'powers-of-tau.ptau') };
  const { contributions } = await verifyChain(files, description);
  const found = { description, key: final, contributions, attestations };
  await put(folder, 'transcript.json', await makeTranscript(found, hashVerificationKey(verificationKey), readFrom(folder)));
  return verifyFolder(folder);
}

const brokenOf = (links: readonly Link[]) => links.filter(({ state }) => state === 'broken').map(({ link }) => link);
const setupOf = (links: readonly Link[]) => links.find(({ link }) => link === 'setup')?.detail;

describe('the public verifier (T55)', () => {
  it('does not call a ceremony what rests on powers of tau that one machine made, though every other link holds', async () => {
    const links = await forgeCeremony([1, 2, 3]);
    expect(brokenOf(links)).toEqual(['setup']);
    expect(setupOf(links)).toMatch(/no ceremony but a development setup: its powers of tau are not those of a public ceremony[^;]*$/);
  });

  it('does not call a ceremony what one person contributed to several times under several names', async () => {
    const links = await forgeCeremony([1, 1, 2, 1]);
    expect(brokenOf(links)).toEqual(['setup']);
    expect(setupOf(links)).toMatch(/signed with 2 different keys, not with 3/);
  });
});

describe('whoever takes part in what is no ceremony and calls itself one (T55)', () => {
  it('is refused by the command that prepares, whatever the beacon', async () => {
    const folder = await startTiny();
    const plan = { title: 'tiny', setup: 'ceremony', circuit: TINY, beacon: PUBLIC_BEACON, now: NOW } as const;
    await expect(prepareCeremony(folder, plan, silent)).rejects.toThrow(/powers of tau.*--setup dev/);
    const known = { kind: 'known', value: BEACON, iterations: 10 } as const;
    await expect(prepareCeremony(folder, { ...plan, beacon: known }, silent)).rejects.toThrow(/known from the start/);
  });

  it('is refused by the commands that contribute, close and finalize, and by the judge of what pages bring', async () => {
    const folder = await prepareTiny();
    await contribute(folder, contributor(folder, 'Ada'), silent);
    const offered = {
      key: await bytesOf(folder, runningKeyPath(1)),
      attestation: JSON.parse(await readFile(join(folder, attestationPath(1)), 'utf8')),
    };
    expect((await checkOffered(readFrom(folder), offered, 1)).ok).toBe(true);

    await changeJson(folder, 'description.json', (description) => ({ ...description, setup: 'ceremony' }));
    const reason = /setup: this is no ceremony/;
    await expect(contribute(folder, contributor(folder, 'Blaise'), silent)).rejects.toThrow(reason);
    await expect(closeCeremony(folder, { value: BEACON }, NOW + 3600, silent)).rejects.toThrow(reason);
    await expect(finalizeCeremony(folder, join(folder, 'artifacts'), NOW, silent)).rejects.toThrow(reason);
    const judged = await checkOffered(readFrom(folder), offered, 1);
    expect(judged).toMatchObject({ ok: false, detail: expect.stringMatching(reason) });
  });
});

describe('the word `ceremony`', () => {
  const good = {
    setup: 'ceremony' as const,
    powersOfTau: { origin: 'perpetual' as const, power: 13, blake2b: PERPETUAL_POWERS_OF_TAU[13]! },
    beacon: planQuicknet(NOW + 3600),
    created: NOW,
  };
  const keys = (...people: string[]) => people.map((key) => ({ key }));
  const three = keys('a', 'b', 'c');

  it('is borne by what has public powers of tau, a beacon to come and three keys', () => {
    expect(judgeSetup(good, three).state).toBe('ok');
    expect(judgeSetup({ ...good, beacon: PUBLIC_BEACON }, keys('a', 'b', 'c', 'a')).state).toBe('ok');
    expect(judgeSetup(good, null).state).toBe('ok'); // more may come
  });

  it.each<[string, object, { key: string }[]]>([
    ['powers of tau of another size than they say', { powersOfTau: { ...good.powersOfTau, power: 14 } }, three],
    ['powers of tau that are new', { powersOfTau: { ...good.powersOfTau, origin: 'new' } }, three],
    ['powers of tau that only call themselves public', { powersOfTau: { ...good.powersOfTau, blake2b: '0'.repeat(128) } }, three],
    ['a beacon that is known', { beacon: { kind: 'known', value: BEACON, iterations: 10 } }, three],
    ['a beacon of the moment at which it was announced', { beacon: { ...PUBLIC_BEACON, time: NOW } }, three],
    ['a drand round that was there already', { beacon: planQuicknet(NOW - 60) }, three],
    ['two keys', {}, keys('a', 'b', 'a')],
    ['no attestation', {}, []],
  ])('is not borne by what has %s, which may be called `dev`', (_, change, attestations) => {
    expect(judgeSetup({ ...good, ...change }, attestations).state).toBe('broken');
    expect(judgeSetup({ ...good, ...change, setup: 'dev' }, attestations).state).toBe('ok');
  });
});
