import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signAttestation } from '#lib/ceremony/attestation.ts';
import { type BeaconPlan, checkBeacon, planQuicknet, QUICKNET } from '#lib/ceremony/beacon.ts';
import { blake2bHex, findPerpetualPower, PERPETUAL_POWERS_OF_TAU } from '#lib/ceremony/powers-of-tau.ts';
import { beaconFromDrand, closeCeremony } from '#scripts/setup-ceremony/close.ts';
import { contribute } from '#scripts/setup-ceremony/contribute.ts';
import { finalizeCeremony } from '#scripts/setup-ceremony/finalize.ts';
import { makePowersOfTau, takePerpetual } from '#scripts/setup-ceremony/phase1.ts';
import { prepareCeremony } from '#scripts/setup-ceremony/prepare.ts';
import {
  BEACON,
  changeBytes,
  changeJson,
  contributor,
  copyOf,
  makeFolder,
  NOW,
  PUBLIC_BEACON,
  prepareTiny,
  removeFolders,
  silent,
  startTiny,
  TINY,
} from './tiny-ceremony.ts';
import { changeSection, flipAt } from './zkey-surgery.ts';

afterAll(removeFolders);

// Each of these runs several steps of a ceremony; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 240_000 });

/** Every file of a folder with the hash of its content. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
  const hash = async (path: string) =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  return Object.fromEntries(await Promise.all(files.map(async (path) => [path.slice(folder.length), await hash(path)] as const)));
}

describe('contributing', () => {
  let running: string;
  beforeAll(async () => {
    running = await prepareTiny();
    await contribute(running, contributor(running, 'Ada'), silent);
  });

  const refusals: [string, RegExp, (folder: string) => Promise<unknown>][] = [
    ['altered points', /key: section 8/, (folder) => changeBytes(folder, 'keys/0001.zkey', (key) => changeSection(key, 8, flipAt(3)))],
    ['an altered attestation', /attestation 1/, (folder) => changeJson(folder, 'attestations/0001.json', (a) => ({ ...a, name: 'Eve' }))],
    ['a missing attestation', /attestation 1/, (folder) => rm(join(folder, 'attestations/0001.json'))],
    [
      'another circuit than this checkout’s',
      /compilation/,
      (folder) =>
        changeJson(folder, 'description.json', (d) => ({ ...d, circuit: { ...d.circuit, path: 'test/setup-ceremony/other.circom' } })),
    ],
    ['other powers of tau', /powers of tau/, (folder) => changeBytes(folder, 'powers-of-tau.ptau', flipAt(3000))],
    [
      'an initial key handed on as if contributed to',
      /contributions/,
      async (folder) => cp(join(folder, 'keys/0000.zkey'), join(folder, 'keys/0001.zkey')),
    ],
    ['no description', /description/, (folder) => rm(join(folder, 'description.json'))],
    ['no keys', /no key/, (folder) => rm(join(folder, 'keys'), { recursive: true })],
  ];
  it.each(refusals)('is refused on top of %s, and changes nothing', async (_, reason, change) => {
    const folder = await copyOf(running);
    await change(folder);
    const before = await snapshot(folder);
    await expect(contribute(folder, contributor(folder, 'Blaise'), silent)).rejects.toThrow(reason);
    expect(await snapshot(folder)).toEqual(before);
  });

  it.each(['', ' Ada', 'A\nB', 'x'.repeat(65)])('is refused under the name %j', async (name) => {
    await expect(contribute(running, { ...contributor(running, 'x'), name }, silent)).rejects.toThrow(/--name/);
  });

  it('is refused once the moment of the beacon has come, also when it comes while the key is being verified', async () => {
    const before = await snapshot(running);
    const late = { ...contributor(running, 'Blaise'), now: () => NOW + 3600 };
    const said: string[] = [];
    await expect(contribute(running, late, (line) => said.push(line))).rejects.toThrow(
      /moment of the beacon has come.*no more contributions/,
    );
    expect(said).toEqual([]);
    const times = [NOW + 3599, NOW + 3600];
    const slow = { ...contributor(running, 'Blaise'), now: () => times.shift() as number };
    await expect(contribute(running, slow, silent)).rejects.toThrow(/moment of the beacon has come/);
    expect(await snapshot(running)).toEqual(before);
  });

  it('is not built upon when its attestation is from after that moment', async () => {
    const folder = await copyOf(running);
    const { key: _, signature: __, ...said } = JSON.parse(await readFile(join(folder, 'attestations/0001.json'), 'utf8'));
    const seed = hexToBytes((await readFile(join(folder, 'identities/Ada.key'), 'utf8')).trim());
    await writeFile(join(folder, 'attestations/0001.json'), JSON.stringify(signAttestation({ ...said, time: NOW + 3600 }, seed)));
    await expect(closeCeremony(folder, { value: BEACON }, NOW + 3600, silent)).rejects.toThrow(
      /attestation 1.*when the beacon could be known/,
    );
  });

  it('goes on where an interrupted contribution left off', async () => {
    const folder = await copyOf(running);
    await writeFile(join(folder, 'keys/0002.zkey.unfinished'), 'half a key');
    await cp(join(folder, 'attestations/0001.json'), join(folder, 'attestations/0002.json'));
    const attestation = await contribute(folder, contributor(folder, 'Blaise'), silent);
    expect(attestation.position).toBe(2);
  });

  it('says beforehand what it costs and afterwards what was erased', async () => {
    const folder = await copyOf(running);
    const said: string[] = [];
    const attestation = await contribute(folder, contributor(folder, 'Blaise'), (line) => said.push(line));
    expect(said[0]).toMatch(/takes about \d+ s and \d+ MB/);
    expect(said.join('\n')).toMatch(/cannot\s+guarantee/);
    expect(said.join('')).toContain(attestation.contribution.slice(0, 8));
    const text = await readFile(join(folder, 'attestations/0002.txt'), 'utf8');
    expect(text.replaceAll(/\s/g, '')).toContain(attestation.contribution);
  });

  it('makes another key each time, also from the same typed text', async () => {
    const folders = [await copyOf(running), await copyOf(running)];
    const made = [];
    for (const folder of folders) made.push(await contribute(folder, contributor(folder, 'Blaise'), silent));
    expect(made[0]!.contribution).not.toBe(made[1]!.contribution);
  });

  it('keeps one signing key a person, readable by that person only, and uses no other file for one', async () => {
    const folder = await copyOf(running);
    const first = await contribute(folder, contributor(folder, 'Ada'), silent);
    const earlier = JSON.parse(await readFile(join(folder, 'attestations/0001.json'), 'utf8'));
    expect(first.key).toBe(earlier.key);
    await writeFile(join(folder, 'identities/Eve.key'), 'not a key');
    await expect(contribute(folder, contributor(folder, 'Eve'), silent)).rejects.toThrow(/does not hold a key/);
  });
});

describe('the beacon', () => {
  // Round 1000 of quicknet, from drand's own documentation.
  const signature = 'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39';
  const value = 'fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd';
  const time = QUICKNET.genesis + 999 * QUICKNET.period;
  const plan = planQuicknet(time);

  it('from drand is the announced round of the announced network and no other', () => {
    expect(plan).toMatchObject({ round: 1000, time });
    expect(planQuicknet(time - 2)).toMatchObject({ round: 1000 });
    expect(beaconFromDrand(signature)).toEqual({ value, signature });
    expect(checkBeacon(plan, { value, signature }, time).ok).toBe(true);
    expect(checkBeacon(plan, { value, signature }, time - 1)).toMatchObject({ code: 'BEACON_EARLY' });
    expect(checkBeacon({ ...plan, round: 1001 } as BeaconPlan, { value, signature })).toMatchObject({ code: 'BEACON_DIFFERS' });
    expect(checkBeacon(plan, { value: 'a'.repeat(64), signature })).toMatchObject({ code: 'BEACON_DIFFERS' });
    expect(checkBeacon(plan, { value })).toMatchObject({ code: 'BEACON_DIFFERS' });
    const forged = signature.replace(/^b4/, 'b5');
    expect(checkBeacon(plan, beaconFromDrand(forged))).toMatchObject({ code: 'BEACON_DIFFERS' });
    expect(() => beaconFromDrand('12')).toThrow(/--drand/);
  });

  it('is refused before its moment, when it differs, when nobody contributed, and a second time', async () => {
    const folder = await prepareTiny({ kind: 'known', value: BEACON, iterations: 10 }, 'dev');
    await expect(closeCeremony(folder, { value: BEACON }, NOW, silent)).rejects.toThrow(/nobody has contributed/);
    await contribute(folder, contributor(folder, 'Ada'), silent);
    await expect(closeCeremony(folder, { value: 'c'.repeat(64) }, NOW, silent)).rejects.toThrow(/not the announced beacon/);
    await expect(closeCeremony(folder, { value: 'xyz' }, NOW, silent)).rejects.toThrow(/beacon/);
    await closeCeremony(folder, { value: BEACON }, NOW, silent);
    await expect(closeCeremony(folder, { value: BEACON }, NOW, silent)).rejects.toThrow(/already/);
    await expect(contribute(folder, contributor(folder, 'Eve'), silent)).rejects.toThrow(/closed/);

    const later = await prepareTiny();
    await contribute(later, contributor(later, 'Ada'), silent);
    await expect(closeCeremony(later, { value: BEACON }, NOW + 3599, silent)).rejects.toThrow(/announced for/);
  });
});

describe('preparing', () => {
  const planned = { title: 'tiny', setup: 'dev', circuit: TINY, beacon: PUBLIC_BEACON, now: NOW } as const;

  it('pins things once', async () => {
    const folder = await prepareTiny();
    await expect(prepareCeremony(folder, planned, silent)).rejects.toThrow(/described once/);
  });

  it('refuses a beacon that is past, and missing powers of tau', async () => {
    const folder = await startTiny();
    await expect(prepareCeremony(folder, { ...planned, now: NOW + 3600 }, silent)).rejects.toThrow(/future/);
    await expect(prepareCeremony(await makeFolder(), planned, silent)).rejects.toThrow(/phase1/);
  });

  it('derives the same initial key and hashes every time', async () => {
    const folder = await startTiny();
    const [first, second] = [await copyOf(folder), await copyOf(folder)];
    expect(await prepareCeremony(first, planned, silent)).toEqual(await prepareCeremony(second, planned, silent));
  });
});

describe('powers of tau', () => {
  it('from outside are taken only when they are the published ones', async () => {
    const folder = await startTiny();
    await expect(takePerpetual(await makeFolder(), join(folder, 'powers-of-tau.ptau'), silent)).rejects.toThrow(/none of the files/);
    expect(Object.keys(PERPETUAL_POWERS_OF_TAU).map(Number)).toEqual(Array.from({ length: 21 }, (_, i) => i + 8));
    for (const hash of Object.values(PERPETUAL_POWERS_OF_TAU)) expect(hash).toMatch(/^[0-9a-f]{128}$/);
    expect(findPerpetualPower(PERPETUAL_POWERS_OF_TAU[13]!)).toBe(13);
    expect(findPerpetualPower(blake2bHex(new Uint8Array()))).toBeNull();
  });

  it('go on from the last finished step', async () => {
    const folder = await makeFolder();
    await makePowersOfTau(folder, 4, silent);
    const first = await readFile(join(folder, 'powers-of-tau.ptau'));
    await rm(join(folder, 'powers-of-tau.ptau'));
    await rm(join(folder, 'phase1/prepared.ptau'));
    await makePowersOfTau(folder, 4, silent);
    expect(await readFile(join(folder, 'powers-of-tau.ptau'))).toEqual(first);
  });
});

describe('finalizing', () => {
  it('waits for the beacon', async () => {
    const folder = await prepareTiny();
    await contribute(folder, contributor(folder, 'Ada'), silent);
    await expect(finalizeCeremony(folder, join(folder, 'artifacts'), NOW, silent)).rejects.toThrow(/beacon/);
  });

  it('makes the new key current and keeps the earlier ones listed', async () => {
    const artifacts = join(await makeFolder(), 'artifacts');
    const finish = async (name: string) => {
      const folder = await prepareTiny({ kind: 'known', value: BEACON, iterations: 10 }, 'dev');
      await contribute(folder, contributor(folder, name), silent);
      await closeCeremony(folder, { value: BEACON }, NOW, silent);
      return { folder, entry: await finalizeCeremony(folder, artifacts, NOW, silent) };
    };
    const listed = async () => JSON.parse(await readFile(join(artifacts, 'manifest.json'), 'utf8'));
    const [first, second] = [await finish('Ada'), await finish('Blaise')];
    expect(await listed()).toEqual({ current: second.entry.verificationKey, keys: [second.entry, first.entry] });
    expect(second.entry).toMatchObject({ setup: 'dev', contributions: [{ name: 'Blaise' }], date: '2027-01-15' });
    await finalizeCeremony(first.folder, artifacts, NOW, silent);
    expect((await listed()).keys).toEqual([first.entry, second.entry]);
  });
});

describe('the command', () => {
  const run = (...args: string[]) =>
    new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
      const command = [process.execPath, ['scripts/setup-ceremony/ceremony.ts', ...args]] as const;
      execFile(...command, (error, stdout, stderr) => resolve({ status: error ? error.code : 0, stdout, stderr }));
    });
  let folder: string;
  let server: Server;
  let address: string;
  beforeAll(async () => {
    folder = await makeFolder();
    server = createServer((request, response) => {
      readFile(join(folder, request.url as string)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterAll(() => server.close());

  it('runs a whole development setup with contributions by separate processes, and again over the old one', {
    timeout: 240_000,
  }, async () => {
    const artifacts = join(folder, 'artifacts');
    const first = await run('dev', folder, '--circuit', TINY, '--power', '4', '--artifacts', artifacts);
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    expect(first.stdout).toContain('All 18 links hold.');
    const again = await run('dev', folder, '--circuit', TINY, '--power', '4', '--artifacts', artifacts, '--contributions', '1');
    expect(again.status).toBe(0);
    expect(JSON.parse(await readFile(join(artifacts, 'manifest.json'), 'utf8')).keys).toHaveLength(2);
  });

  it('verifies a folder or an address, prints a line a link, and tells by its exit code', async () => {
    expect(await run('verify', address, '--artifacts', `${address}/artifacts`)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ok .*key: /m),
    });
    await changeBytes(folder, 'final.zkey', flipAt(2000));
    const broken = await run('verify', folder, '--no-artifacts');
    expect(broken.status).toBe(1);
    expect(broken.stdout).toMatch(/^BROKEN/m);
    expect(await run('verify', `${address}/nowhere`)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^BROKEN {5}description/m),
    });
  });

  it('explains itself when it is asked or misused', async () => {
    expect(await run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('contribute') });
    expect((await run('frobnicate', 'x')).status).toBe(2);
    expect(await run('contribute', folder)).toMatchObject({ status: 2, stderr: expect.stringContaining('--name is missing') });
    expect((await run('prepare', folder, '--title', 'x', '--setup', 'trusted')).stderr).toContain('--setup');
  });

  it('never clears a real ceremony for a development setup', async () => {
    const real = await prepareTiny();
    await changeJson(real, 'description.json', (description) => ({ ...description, setup: 'ceremony' }));
    const before = await snapshot(real);
    expect(await run('dev', real, '--circuit', TINY)).toMatchObject({ status: 1, stderr: expect.stringContaining('real ceremony') });
    expect(await snapshot(real)).toEqual(before);
  });
});
