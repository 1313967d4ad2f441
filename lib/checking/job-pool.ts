import type { ProofSystem } from '#lib/protocol/record/report.ts';
import type { HeavyWork } from '#lib/protocol/record/work.ts';
import type { AcceptedKeys } from './accepted-keys.ts';
import type { CheckJob, CheckJobs, CheckReply, CheckRequest } from './jobs.ts';

/** The line to a worker of a browser that runs jobs. */
export type JobPort = { post(request: CheckRequest): void; listen(onReply: (reply: CheckReply) => void): void };

export type JobPool = {
  /** Runs a job on the next free thread. @throws Error with the reason of a thread that could not do it */
  run<J extends CheckJob>(job: J, input: CheckJobs[J]['input']): Promise<CheckJobs[J]['output']>;
  /** Gives up everything that waits or is under way: a thread has ended. */
  fail(reason: unknown): void;
};

type Task = { request: CheckRequest; resolve: (output: never) => void; reject: (reason: unknown) => void };

/**
 * Hands jobs to workers of a browser, one at a time each. The caller starts them, ends them, and bounds how much waits. Node has its
 * rooms for this (lib/host/work-room.ts).
 */
export function createJobPool(ports: readonly JobPort[]): JobPool {
  const waiting: Task[] = [];
  const idle = [...ports];
  const busy = new Map<JobPort, Task>();
  let failure: { reason: unknown } | null = null;
  const next = () => {
    for (let port = idle.at(-1); port && waiting.length > 0; port = idle.at(-1)) {
      idle.pop();
      const task = waiting.shift() as Task;
      busy.set(port, task);
      port.post(task.request);
    }
  };
  for (const port of ports)
    port.listen((reply) => {
      const task = busy.get(port);
      busy.delete(port);
      idle.push(port);
      if (reply.ok) task?.resolve(reply.output as never);
      else task?.reject(new Error(reply.reason));
      next();
    });
  return {
    run: (job, input) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure.reason);
        waiting.push({ request: { job, input } as CheckRequest, resolve, reject });
        next();
      }),
    fail(reason) {
      failure ??= { reason };
      for (const { reject } of [...busy.values(), ...waiting.splice(0)]) reject(reason);
    },
  };
}

/** What a record verifier needs, with everything that takes long done by the threads of a pool or room. */
export function spreadOver(pool: Pick<JobPool, 'run'>, keys: AcceptedKeys): { proofs: ProofSystem; work: HeavyWork } {
  return {
    proofs: {
      isListed: keys.isListed,
      findBadProofs: async (hash, batch) => pool.run('proofs', { hash, key: await keys.load(hash), batch }),
    },
    work: {
      checkLeaves: (input) => pool.run('leaves', input),
      checkOpening: (input) => pool.run('opening', input),
      checkStep: (input) => pool.run('step', input),
      checkNames: (input) => pool.run('names', input),
    },
  };
}
