// A roll is made in threads of its own: a full one takes a minute or two, in which the agent still answers
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { bareEnv } from '#lib/host/bare-env.ts';
import type { OpenAnswers } from '#lib/issuing/open-enrolments.ts';
import type { EnlistBlock, PlantBlock } from '#lib/issuing/plant-roll.ts';
import type { RollJobs } from './roll-thread.ts';

/** The long parts of a roll, each in a thread. */
export type RollThreads = { enlist: EnlistBlock; plant: PlantBlock; open: OpenAnswers };

const FILE = path.join(import.meta.dirname, 'roll-thread.ts');
const MOST_THREADS = 8;

/** One core is left for those who wait for a page. */
export function threadsForRolls(): number {
  return Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1));
}

/**
 * Lends threads to whoever makes a roll, and ends them afterwards: they have seen the keystore. @throws whatever `work` throws, and an
 * Error when a thread fails, which fails all that was asked of it
 */
export async function withRollThreads<Result>(count: number, work: (threads: RollThreads) => Promise<Result>): Promise<Result> {
  const threads = Array.from({ length: count }, startThread);
  let asked = 0;
  const ask = <J extends keyof RollJobs>(job: J, input: RollJobs[J]['input']): Promise<RollJobs[J]['output']> =>
    (threads[asked++ % count] as RollThread).ask(job, input);
  try {
    return await work({
      enlist: (roll, candidates) => ask('enlist', { roll, candidates }),
      plant: (leaves, depth) => ask('plant', { leaves, depth }),
      open: (issuer, group, enrolments) => ask('open', { issuer, group, enrolments }),
    });
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

type RollThread = {
  ask<J extends keyof RollJobs>(job: J, input: RollJobs[J]['input']): Promise<RollJobs[J]['output']>;
  end(): Promise<unknown>;
};

/** A thread does what it is asked one after the other, and answers in that order. It gets none of this process's settings. */
function startThread(): RollThread {
  const waiting: { resolve: (output: never) => void; reject: (error: Error) => void }[] = [];
  const worker = new Worker(FILE, { env: bareEnv(), execArgv: ['--disable-warning=ExperimentalWarning'] });
  const fail = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('a thread for rolls ended')));
  worker.on('message', (output) => waiting.shift()?.resolve(output as never));
  return {
    ask: (job, input) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage({ job, input });
      }),
    end: () => worker.terminate(),
  };
}
