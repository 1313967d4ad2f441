import type { GuardedProcess } from '#db/guarded-process.ts';
import type { Log } from '#lib/host/log.ts';

export type Kept = {
  /** Stops the program for good. */
  stop(): Promise<void>;
};

type Startable = Pick<GuardedProcess, 'exited' | 'stop'>;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const STEADY_AFTER_MS = 60_000;

/**
 * Starts a program again whenever it ends by itself, after a pause that doubles while it keeps failing.
 * @param first the program as it runs now
 * @param start starts it once more; may fail, which counts as one more end
 */
export function keepRunning(name: string, first: Startable, start: () => Promise<Startable>, log: Log): Kept {
  let current = first;
  let stopped = false;
  let wake = () => {};

  const watch = async () => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!stopped) {
      const since = Date.now();
      const code = await current.exited;
      if (stopped) return;
      if (Date.now() - since > STEADY_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
      log({ level: 'error', code: 'ENDED', text: `${name} ended (exit ${code}); starting it again in ${pauseMs / 1000} s` });
      await new Promise<void>((resolve) => {
        const pause = setTimeout(resolve, pauseMs); // where nothing else runs, it alone keeps this process
        wake = () => {
          clearTimeout(pause);
          resolve();
        };
      });
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      if (stopped) return;
      await current.stop(); // gives back what it held
      try {
        current = await start();
        if (stopped) await current.stop();
      } catch (error) {
        log({
          level: 'error',
          code: 'NOT_STARTED',
          text: `${name} did not start: ${error instanceof Error ? error.message : String(error)}`,
        });
      }
    }
  };

  const watching = watch();
  return {
    stop: async () => {
      stopped = true;
      wake();
      await current.stop();
      await watching;
    },
  };
}
