import 'client-only';
import { serveJobs } from '#lib/checking/browser-ports.ts';
import { secureRandom } from './secure-random.ts';

/** The port over which the worker that reads a record sends its jobs. It is the only message. */
export type CheckingTask = { port: MessagePort };

// Its own policy lets a worker start no other, so the page starts them all and ties them together.
addEventListener('message', ({ data }: MessageEvent<CheckingTask>) => serveJobs(data.port, secureRandom), { once: true });
