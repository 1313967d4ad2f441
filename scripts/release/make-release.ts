import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '#lib/host/make-folder.ts';
import { makeVerifierFiles } from '../build-verifier/make-files.ts';
import { makeSbom } from './make-sbom.ts';
import { packSource } from './pack-source.ts';

/**
 * Writes a release of the commit that is checked out in a repository: its source as a tar, the standalone verifier of this program, the
 * list of packages, and the SHA-256 of each. The same commit gives the same bytes.
 * @param folder is made; what lies in it must not be anything else
 * @returns the text of SHA256SUMS
 * @throws Error when files differ from the commit, or something else lies in the folder
 */
export async function makeRelease(repository: string, folder: string): Promise<string> {
  const about = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as { name: string; version: string };
  const release = `${about.name}-${about.version}`;
  const verifier = await makeVerifierFiles();
  const files = [`${release}.tar`, `${release}.cdx.json`, ...verifier.map(({ name }) => name)].sort();
  makeFolder(folder);
  const foreign = readdirSync(folder).filter((name) => name !== 'SHA256SUMS' && !files.includes(name));
  if (foreign.length > 0) throw new Error(`${folder} holds other files (${foreign[0]}). Name an empty folder: --out FOLDER`);

  packSource(repository, release, path.join(folder, `${release}.tar`));
  writeFileSync(path.join(folder, `${release}.cdx.json`), makeSbom(repository));
  for (const { name, text } of verifier) writeFileSync(path.join(folder, name), text);
  const sums = files.map((name) => `${sha256(readFileSync(path.join(folder, name)))}  ${name}\n`).join('');
  writeFileSync(path.join(folder, 'SHA256SUMS'), sums);
  return sums;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
