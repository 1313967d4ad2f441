import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createWorkRoom } from '#lib/host/work-room.ts';
import type { Prover } from '#lib/signing/make-entry.ts';
import { runtimeEnv } from '../instance/runtime.ts';
import type { DemoJobs } from './proving-process.ts';

export type ProvingPool = { size: number; prove: Prover; close(): Promise<void> };

const FILE = path.join(import.meta.dirname, 'proving-process.ts');

/** Proves on every core of this machine, or on fewer, one proof a process at a time. */
export function startProvingPool(size = availableParallelism()): ProvingPool {
  const room = createWorkRoom<DemoJobs>({ kind: 'process', file: FILE, hands: size, env: runtimeEnv() });
  return { size, prove: (job) => room.run('prove', job), close: () => room.close() };
}
