import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type ResourceLimits, type TransferListItem, Worker } from 'node:worker_threads';
import type { Hand, HandEvents, JobReply } from '#lib/room/jobs.ts';
import { bareEnv } from './bare-env.ts';

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

/** Starts a thread or a process. What goes wrong with it, also in starting, comes to `onLoss`, perhaps more than once. */
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
    post: (request, transfer) => worker.postMessage(request, transfer as TransferListItem[]),
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
