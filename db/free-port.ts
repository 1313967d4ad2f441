import { createServer } from 'node:net';

/**
 * A port of 127.0.0.1 on which nobody listens now; somebody may take it before the caller does.
 * @param from the first free one from here upwards; any if absent
 */
export async function findFreePort(from = 0): Promise<number> {
  for (let port = from; port <= 65_535; port++) {
    const free = await tryPort(port);
    if (free !== undefined) return free;
  }
  throw new Error(`No port is free from ${from} upwards.`);
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : undefined));
    });
  });
}
