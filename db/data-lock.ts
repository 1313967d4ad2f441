import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Holds a folder for this process alone. The lock is a listening socket and so ends with the process, however that ends;
 * a file with a process number would have to be believed or doubted after a crash.
 * @returns what releases it.
 * @throws Error when another process on this machine holds the folder.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  const name = `round-robin-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)}`;
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(tmpdir(), `${name}.sock`);
  const server = (await listen(address)) ?? (await takeOver(address));
  if (!server) throw new Error(`${folder} is in use by another Round Robin on this machine. Stop that one first.`);
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => resolve(server));
  });
}

/** Takes the place of a holder that has died and left its socket's file behind. */
async function takeOver(address: string): Promise<Server | undefined> {
  const alive = await new Promise<boolean>((resolve) => {
    const socket = createConnection(address, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
  if (alive) return undefined;
  rmSync(address, { force: true });
  return listen(address);
}
