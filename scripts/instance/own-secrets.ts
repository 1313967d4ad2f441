import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeNewSecret } from '#lib/host/new-secret.ts';
import { requireSecretFile } from '#lib/host/private-places.ts';

// Secrets of an instance that its operator did not set: each is made when it is first needed, and not at all where it is not.

/** The secret that seals sessions, at least 32 characters. @throws Error when others may read the file */
export function ownSessionSecret(folder: string): string {
  return readFileSync(makeOnce(path.join(folder, 'session.secret')), 'utf8');
}

/** The file with the platform's Ed25519 seed, 32 bytes in hex. @throws Error when others may read it */
export function ownPlatformKeyFile(folder: string): string {
  return makeOnce(path.join(folder, 'platform.key'));
}

function makeOnce(file: string): string {
  if (!existsSync(file)) writeNewSecret(file, randomBytes(32).toString('hex'));
  requireSecretFile(file);
  return file;
}
