// What the rooms of work-room.test.ts run, in a thread or in a process
import { setTimeout } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { serveRoom } from '#lib/host/serve-room.ts';

export type TestJobs = {
  add: { input: { numbers: readonly bigint[]; bytes: Uint8Array }; output: { sum: bigint; settings: string[]; isThread: boolean } };
  countTo: { input: number; output: string; news: number };
  /** How many jobs of this kind its hand has done. */
  countJobs: { input: null; output: number };
  /** Tells that it has begun, and never comes to an end, nor lets anything else be done meanwhile. */
  spin: { input: null; output: never; news: 'begun' };
  fail: { input: string; output: never };
  exit: { input: { code: number; later: boolean }; output: null };
  fillHeap: { input: null; output: never };
  /** Takes so many MiB outside the heap, and keeps them. */
  take: { input: number; output: null };
  giveFunction: { input: null; output: unknown };
};

const kept: Uint8Array[] = [];
let jobs = 0;

serveRoom<TestJobs>({
  add: ({ numbers, bytes }) => ({
    sum: [...numbers, ...[...bytes].map(BigInt)].reduce((sum, one) => sum + one, 0n),
    settings: Object.keys(process.env).filter((name) => !['NODE_COMPILE_CACHE', 'NODE_CHANNEL_FD'].includes(name)),
    isThread: !isMainThread,
  }),
  countTo: async (last, tell) => {
    for (let i = 1; i <= last; i++) tell(await setTimeout(1, i));
    void setTimeout(20).then(() => tell(last + 1)); // nobody waits for it
    return 'done';
  },
  countJobs: () => ++jobs,
  spin: (_, tell) => {
    tell('begun');
    for (;;);
  },
  fail: (message) => {
    throw new RangeError(message);
  },
  exit: ({ code, later }) => {
    if (later) setImmediate(() => process.exit(code));
    else process.exit(code);
    return null;
  },
  fillHeap: () => {
    const all: number[][] = [];
    for (;;) all.push(Array.from({ length: 100_000 }, (_, i) => i / 3));
  },
  take: (mebibytes) => {
    kept.push(new Uint8Array(mebibytes * 2 ** 20).fill(1));
    return null;
  },
  giveFunction: () => () => 1,
});
