import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { bareEnv } from './bare-env.ts';
import type { JobReply, JobRequest } from './room-jobs.ts';

/** A thread or a process that does one job at a time. */
export type Hand = {
  /** @throws DataCloneError when the input of the job cannot be copied */
  post(request: JobRequest): void;
  /** Whether it keeps this process alive. It does when it has just been started. */
  hold(held: boolean): void;
  /** Ends it in the middle of whatever it does; its memory is returned then. */
  end(): Promise<unknown>;
};

export type HandSettings = {
  /** The script, which calls `serveRoom`: TypeScript as it lies in the checkout, or a bundle. */
  file: string;
  /** A process for code that takes every thread for one that it started itself. */
  kind?: 'thread' | 'process';
  /** Its settings; none, if it is not said. */
  env?: NodeJS.ProcessEnv;
  /** For threads. */
  limits?: ResourceLimits;
};

/** Why a hand is gone though nobody ended it. */
export type Loss = { isMemory: boolean; message: string };
export type HandEvents = { onReply(reply: JobReply): void; onLoss(loss: Loss): void };

/** Starts a hand. What goes wrong with it, also in starting, comes to `onLoss`, perhaps more than once. */
export function startHand(settings: HandSettings, events: HandEvents): Hand {
  return settings.kind === 'process' ? startProcess(settings, events) : startThread(settings, events);
}

function startThread({ file, env = bareEnv(), limits = {} }: HandSettings, { onReply, onLoss }: HandEvents): Hand {
  const worker = new Worker(/* turbopackIgnore: true */ file, { env, resourceLimits: limits, ...argumentsFor(file) });
  worker.on('message', onReply);
  worker.on('error', (error) =>
    onLoss({ isMemory: (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY', message: String(error) }),
  );
  worker.on('exit', (code) => onLoss({ isMemory: false, message: `a thread ended without an answer (exit ${code})` }));
  return {
    post: (request) => worker.postMessage(request),
    hold: (held) => void (held ? worker.ref() : worker.unref()),
    end: () => worker.terminate(),
  };
}

function startProcess({ file, env = bareEnv() }: HandSettings, { onReply, onLoss }: HandEvents): Hand {
  const child = fork(/* turbopackIgnore: true */ file, [], {
    env,
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...argumentsFor(file),
  });
  const gone = once(child, 'close').catch(() => {});
  child.on('message', (reply) => onReply(reply as JobReply));
  child.on('error', (error) => onLoss({ isMemory: false, message: String(error) }));
  child.on('exit', (code, signal) => onLoss({ isMemory: false, message: `a process ended without an answer (exit ${code ?? signal})` }));
  return {
    post: (request) => void child.send(request),
    hold: (held) => {
      for (const one of [child, child.channel]) held ? one?.ref() : one?.unref();
    },
    end: async () => {
      child.ref();
      if (child.kill('SIGKILL')) await gone;
    },
  };
}

/** Node says of TypeScript that it is an experiment; a bundle is started as this process was. */
function argumentsFor(file: string): { execArgv?: string[] } {
  return file.endsWith('.ts') ? { execArgv: ['--disable-warning=ExperimentalWarning'] } : {};
}
