import 'server-only';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { bareEnv } from '#lib/host/bare-env.ts';
import { AppError } from '../errors.ts';
import type { JobName, Jobs, Reply } from './jobs.ts';

export type ThreadPool = {
  /**
   * Runs a job on the next free thread.
   * @throws AppError BUSY when too many wait already, or when the job took too long: its thread is ended then
   */
  run<J extends JobName>(job: J, input: Jobs[J]['input']): Promise<Jobs[J]['output']>;
  /** Jobs that wait for a thread. */
  readonly waiting: number;
  close(): Promise<void>;
};

type Limits = { threads: number; queue: number; timeLimitMs: number };
type Task = { job: JobName; input: unknown; resolve: (output: never) => void; reject: (error: Error) => void };
type Thread = { worker: Worker; end: (error: Error) => void };

const FILE = path.join('lib', 'server', 'threads', 'thread.ts');
const RETRY_AFTER_SECONDS = 3;

/** Threads that start when they are needed, do one job at a time, and never keep the process alive. */
export function createThreadPool({ threads, queue, timeLimitMs }: Limits): ThreadPool {
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const busy = new Set<Thread>();

  const next = (): void => {
    while (waiting.length > 0 && busy.size < threads) start(waiting.shift() as Task);
  };

  const start = (task: Task): void => {
    const worker = idle.pop() ?? startWorker();
    const settle = (finish: () => void, keep: boolean) => {
      if (!busy.delete(thread)) return;
      clearTimeout(timer);
      worker.removeAllListeners();
      // A thread that is being ended may still report an error, which nobody waits for.
      worker.on('error', () => {});
      if (keep) idle.push(worker);
      else void worker.terminate();
      finish();
      next();
    };
    const fail = (error: Error) => settle(() => task.reject(error), false);
    const thread: Thread = { worker, end: fail };
    const timer = setTimeout(() => fail(new AppError('BUSY', undefined, RETRY_AFTER_SECONDS)), timeLimitMs);
    timer.unref();
    busy.add(thread);
    worker.removeAllListeners();
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('the thread ended')));
    worker.on('message', (reply: Reply) =>
      settle(() => (reply.ok ? task.resolve(reply.output as never) : task.reject(new Error(`thread: ${reply.reason}`))), true),
    );
    worker.postMessage({ job: task.job, input: task.input });
  };

  return {
    run(job, input) {
      if (waiting.length >= queue) return Promise.reject(new AppError('BUSY', undefined, RETRY_AFTER_SECONDS));
      return new Promise((resolve, reject) => {
        waiting.push({ job, input, resolve, reject });
        next();
      });
    },
    get waiting() {
      return waiting.length;
    },
    async close() {
      for (const task of waiting.splice(0)) task.reject(new AppError('BUSY', undefined, RETRY_AFTER_SECONDS));
      for (const thread of [...busy]) thread.end(new AppError('BUSY', undefined, RETRY_AFTER_SECONDS));
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
  };
}

/** Node runs the file as it lies in the checkout; it gets none of this process's settings. */
function startWorker(): Worker {
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), FILE);
  const worker = new Worker(/* turbopackIgnore: true */ file, { env: bareEnv(), execArgv: ['--disable-warning=ExperimentalWarning'] });
  worker.unref();
  return worker;
}
