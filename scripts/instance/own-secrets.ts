import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Secrets of an instance that its operator did not set; made once, readable by their owner only. */
export type OwnSecrets = { sessionSecret: string; platformKeyFile: string };

/** Makes the secrets in `folder` on the first call and gives the same ones ever after. */
export function loadOwnSecrets(folder: string): OwnSecrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const platformKeyFile = path.join(folder, 'platform.key');
  createOnce(platformKeyFile); // the seed of an Ed25519 key: 32 bytes in hex
  return { sessionSecret: createOnce(path.join(folder, 'session.secret')), platformKeyFile };
}

function createOnce(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx', flush: true });
  return readFileSync(file, 'utf8');
}
