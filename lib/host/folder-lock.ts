// One folder, one process: two that wrote to one database, or signed with one keystore, would contradict each other.
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from './make-folder.ts';
import { requireOwnFolder } from './private-places.ts';

/** What releases the folder. */
export type Unlock = () => Promise<void>;

/** What a held folder has in it, beside what belongs there; long paths have it elsewhere. */
export const LOCK_FILE = 'lock';

const LONGEST_ADDRESS = 100;
const SECOND_LOOK_MS = 100;
const PATIENCE_MS = 2_000;

/**
 * Holds a folder, which is made if it is missing, for this process alone. The lock is the socket file `lock` in it on which the
 * holder listens, so it ends with the process however that ends, and a file that a dead process left behind is told from a living
 * one by asking it.
 * @returns null when another process holds the folder
 * @throws Error when others could put a lock of their own there: the folder is theirs, or they may write to it
 */
export async function lockFolder(folder: string): Promise<Unlock | null> {
  makeFolder(folder, 0o700);
  requireOwnFolder(folder);
  const address = addressOf(folder);
  const token = randomBytes(16).toString('hex');
  const first = await listen(address, token);
  const server = first ?? (await takeOver(address, token));
  if (server === null) return null;
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** Takes the place of a dead holder. Two that try at once are told apart by who can be reached a little later. */
async function takeOver(address: string, token: string): Promise<Server | null> {
  if ((await ask(address)) !== null) return null;
  await rm(address, { force: true });
  const server = await listen(address, token);
  if (server === null) return null;
  await sleep(SECOND_LOOK_MS);
  if ((await ask(address)) === token) return server;
  server.unref(); // closing it would remove the other's file
  return null;
}

function listen(address: string, token: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => {}).end(token));
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(address, () => resolve(server));
  });
}

/** The token of the process that listens, or nothing when it is too busy to answer; null when nobody listens. */
function ask(address: string): Promise<string | null> {
  return new Promise((resolve) => {
    let token = '';
    const socket = createConnection(address);
    socket.setEncoding('utf8');
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('data', (text) => {
      token += text;
    });
    socket.once('error', () => resolve(null));
    socket.once('close', (hadError) => !hadError && resolve(token));
  });
}

/** Socket files have short paths; a folder whose own is too long is locked in a folder of this user's alone, under a name made from it. */
function addressOf(folder: string): string {
  const inside = path.join(realpathSync(folder), LOCK_FILE);
  const name = `round-robin-${createHash('sha256').update(inside).digest('hex').slice(0, 24)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return inside.length <= LONGEST_ADDRESS ? inside : path.join(ownTemporaryFolder(), `${name}.sock`);
}

/** A folder in the common temporary one that is this user's. Whoever made it first under its name is found out. */
function ownTemporaryFolder(): string {
  const folder = path.join(tmpdir(), `round-robin-${userInfo().uid}`);
  makeFolder(folder, 0o700);
  if (lstatSync(folder).isSymbolicLink()) throw new Error(`${folder} must be a folder, not a link. Remove it.`);
  requireOwnFolder(folder);
  return folder;
}
