import 'client-only';
import { serveJobs } from '#lib/checking/browser-ports.ts';
import { secureRandom } from './secure-random.ts';
import type { TiedTask } from './tied-workers.ts';

addEventListener('message', ({ data }: MessageEvent<TiedTask>) => serveJobs(data.port, secureRandom), { once: true });
