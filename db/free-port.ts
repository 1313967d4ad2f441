import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that systems give to whoever connects or asks for any port: one of these could be taken before the caller listens. */
const [LOWEST, HIGHEST] = [20_000, 32_767];
const MOST_TRIES = 100;

/** A port of 127.0.0.1 on which nobody listens now, drawn by lot, so that two who ask at once hardly ever get the same. */
export async function findFreePort(): Promise<number> {
  for (let i = 0; i < MOST_TRIES; i++) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port between ${LOWEST} and ${HIGHEST} of 127.0.0.1 is free.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
