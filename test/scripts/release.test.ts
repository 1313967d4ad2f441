import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVerifierFiles } from '#scripts/build-verifier/make-files.ts';
import { makeRelease } from '#scripts/release/make-release.ts';
import { type Bom, makeSbom, settleBom } from '#scripts/release/make-sbom.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'release-'));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...parts: string[]) => path.join(folder, ...parts);

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** A repository of one commit that holds the lock file of this one and a program that may be run. */
function plantRepository(name: string): string {
  const repository = place(name);
  mkdirSync(path.join(repository, 'bin'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(path.join(root, file), path.join(repository, file));
  writeFileSync(path.join(repository, 'bin/run'), '#!/bin/sh\necho "Ω"\n');
  chmodSync(path.join(repository, 'bin/run'), 0o755);
  run('git', ['init', '--quiet'], repository);
  run('git', ['add', '.'], repository);
  const who = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org'];
  run('git', [...who, 'commit', '--quiet', '--message', 'A release', '--date', '2026-01-02T03:04:05Z'], repository);
  return repository;
}

/** All files of a folder, by name. */
const contentsOf = (at: string) =>
  Object.fromEntries(readdirSync(at).map((name) => [name, readFileSync(path.join(at, name)).toString('base64')]));

describe('a release', () => {
  let repository: string;
  beforeAll(async () => {
    repository = plantRepository('repository');
    await makeRelease(repository, place('first'));
  });

  it('is the same bytes again, whatever the settings of git, and in the place of an older one', async () => {
    run('git', ['config', 'tar.umask', '0077'], repository);
    run('git', ['config', 'core.autocrlf', 'true'], repository);
    const copy = place('copy');
    run('git', ['clone', '--quiet', repository, copy], folder);
    chmodSync(path.join(copy, 'bin/run'), 0o700);
    await makeRelease(repository, place('second'));
    await makeRelease(copy, place('third'));
    await makeRelease(copy, place('third'));
    expect(contentsOf(place('second'))).toEqual(contentsOf(place('first')));
    expect(contentsOf(place('third'))).toEqual(contentsOf(place('first')));
  });

  it('lists the SHA-256 of each of its files, so that sha256sum can check them', () => {
    const lines = readFileSync(place('first', 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    const listed = Object.fromEntries(lines.map((line) => line.split('  ').reverse()));
    const names = readdirSync(place('first')).filter((name) => name !== 'SHA256SUMS');
    expect(names).toEqual(Object.keys(listed).sort());
    expect(names).toHaveLength(4);
    for (const name of names)
      expect(listed[name]).toBe(
        createHash('sha256')
          .update(readFileSync(place('first', name)))
          .digest('hex'),
      );
  });

  it('holds the source of the commit, with what may be run, and the verifier that is built from it', async () => {
    const [tar] = readdirSync(place('first')).filter((name) => name.endsWith('.tar'));
    const unpacked = place('unpacked');
    mkdirSync(unpacked);
    run('tar', ['-xf', place('first', tar as string), '-C', unpacked], folder);
    const [top] = readdirSync(unpacked) as [string];
    expect(`${top}.tar`).toBe(tar);
    expect(readFileSync(path.join(unpacked, top, 'bin/run'))).toEqual(readFileSync(path.join(repository, 'bin/run')));
    expect(run(path.join(unpacked, top, 'bin/run'), [], folder)).toBe('Ω\n');
    for (const { name, text } of await makeVerifierFiles()) expect(readFileSync(place('first', name), 'utf8') === text).toBe(true);
  });

  it('is another when a byte of the source is another', async () => {
    const other = plantRepository('other');
    writeFileSync(path.join(other, 'bin/run'), '#!/bin/sh\necho "O"\n');
    run('git', ['-c', 'user.name=S', '-c', 'user.email=s@example.org', 'commit', '-aqm', 'Another'], other);
    expect(await makeRelease(other, place('of-other'))).not.toBe(readFileSync(place('first', 'SHA256SUMS'), 'utf8'));
  });

  it('is not made of files that differ from the commit, nor beside files of others', async () => {
    const changed = plantRepository('changed');
    writeFileSync(path.join(changed, 'bin/run'), 'echo mine\n');
    await expect(makeRelease(changed, place('of-changed'))).rejects.toThrow(/Commit these files.*\n.*bin\/run/);
    mkdirSync(place('taken'));
    writeFileSync(place('taken', 'letter.txt'), 'mine');
    await expect(makeRelease(repository, place('taken'))).rejects.toThrow(/letter\.txt/);
  });
});

describe('the list of packages', () => {
  it('has every package of package-lock.json with the hash that npm checks when it installs it', () => {
    const bom = JSON.parse(makeSbom(root)) as Bom & { bomFormat: string };
    const hashes = bom.components.flatMap((component) => component.hashes as { alg: string; content: string }[]);
    const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity?: string }>;
    };
    const locked = new Set(Object.entries(packages).flatMap(([at, { integrity }]) => (at && integrity ? [integrity] : [])));
    const listed = hashes.map(
      ({ alg, content }) => `${alg.replace('-', '').toLowerCase()}-${Buffer.from(content, 'hex').toString('base64')}`,
    );
    expect(bom.bomFormat).toBe('CycloneDX');
    expect(bom.metadata.component.name).toBe('round-robin');
    expect(locked.size).toBeGreaterThan(300);
    expect(new Set(listed)).toEqual(locked);
  });

  it('has no number, time or version of npm, and an order of its own', () => {
    const bom = (serialNumber: string, version: string, refs: string[]): Bom => ({
      serialNumber,
      metadata: { timestamp: `2026-01-01T00:00:0${version}Z`, tools: [{ version }], component: { 'bom-ref': 'x@1', name: 'folder' } },
      components: refs.map((ref) => ({ 'bom-ref': ref, name: ref })),
      dependencies: refs.map((ref) => ({ ref, dependsOn: refs })),
    });
    const settled = settleBom(bom('a', '1', ['b@1', 'B@1', 'a@1']), 'x');
    expect(settled).toEqual(settleBom(bom('b', '2', ['a@1', 'b@1', 'B@1']), 'x'));
    expect(settled.components.map((one) => one['bom-ref'])).toEqual(['B@1', 'a@1', 'b@1']);
    expect(JSON.stringify(settled)).not.toMatch(/serialNumber|timestamp|"version"|folder/);
  });
});
