import { copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../proxy/find-program.ts';

/** Programs without which nothing of this works; a base image is made with the first. */
const NEEDED = ['debootstrap', 'podman', 'npm', 'unshare', 'chroot', 'tar'];
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/** What is missing to build images here and to run what is in them; null where nothing is. */
export function findImageObstacle(): string | null {
  if (process.geteuid?.() !== 0) return 'only root may enter what an image holds (chroot)';
  const missing = NEEDED.filter((name) => findProgram(name) === null);
  return missing.length === 0 ? null : `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
}

/** @returns the words of debootstrap that make a Debian in a folder */
export const debianIn = (folder: string) => ['--variant=minbase', 'bookworm', folder];

/**
 * Puts into a Debian what the image of Node has: the Node that runs now and this machine's npm, with the authorities that this machine
 * trusts. @returns variables of the image
 */
export function addNode(folder: string): Record<string, string> {
  const modules = path.join(folder, 'usr/local/lib/node_modules');
  const programs = path.join(folder, 'usr/local/bin');
  mkdirSync(modules, { recursive: true });
  copyFileSync(process.execPath, path.join(programs, 'node'));
  const npm = path.resolve(realpathSync(findProgram('npm') ?? ''), '../..');
  cpSync(npm, path.join(modules, 'npm'), { recursive: true });
  for (const name of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, path.join(programs, name));
  const base = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  if (!existsSync(AUTHORITIES)) return base;
  mkdirSync(path.join(folder, path.dirname(AUTHORITIES)), { recursive: true });
  copyFileSync(AUTHORITIES, path.join(folder, AUTHORITIES));
  return { ...base, NODE_EXTRA_CA_CERTS: AUTHORITIES };
}
