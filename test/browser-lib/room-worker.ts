// What the workers of workers.test.ts do, as hands of a room and as their helpers
import type { Helpers } from '#lib/room/room.ts';
import { serveWebRoom } from '#lib/room/web-room.ts';

type WorkerJobs = {
  add: { input: { numbers: readonly bigint[]; bytes: Uint8Array }; output: { sum: bigint; helpers: number } };
  countTo: { input: number; output: string; news: number };
  /** Tells that it has begun, and never comes to an end, nor lets anything else be done meanwhile. */
  spin: { input: null; output: never; news: 'begun' };
  fail: { input: string; output: never };
  giveFunction: { input: null; output: unknown };
  /** Fails where nobody catches it. */
  crash: { input: string; output: never };
  /** Ends the worker without a word. */
  leave: { input: null; output: never };
  /** Takes so many MiB, and keeps them. */
  take: { input: number; output: number };
  /** Has helpers do things, all at once. */
  pass: { input: [job: keyof WorkerJobs, input: unknown][]; output: unknown[] };
};

const kept: Uint8Array[] = [];
const never = () => new Promise<never>(() => {});

serveWebRoom<WorkerJobs, WorkerJobs>((helpers: Helpers<WorkerJobs>) => ({
  add: ({ numbers, bytes }) => ({
    sum: [...numbers, ...[...bytes].map(BigInt)].reduce((sum, one) => sum + one, 0n),
    helpers: helpers.count,
  }),
  countTo: (last, tell) => {
    for (let i = 1; i <= last; i++) tell(i);
    setTimeout(() => tell(last + 1), 20); // nobody waits for it
    return 'done';
  },
  spin: (_, tell) => {
    tell('begun');
    for (;;);
  },
  fail: (message) => {
    throw new RangeError(message);
  },
  giveFunction: () => () => 1,
  crash: (message) => {
    setTimeout(() => {
      throw new Error(message);
    });
    return never();
  },
  leave: () => {
    close();
    return never();
  },
  take: (mebibytes) => {
    kept.push(new Uint8Array(mebibytes * 2 ** 20).fill(1));
    return kept.length;
  },
  pass: (all) => Promise.all(all.map(([job, input]) => helpers.run(job, input as never))),
}));
