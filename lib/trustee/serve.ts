import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#lib/host/log.ts';
import { describeFault } from './platform-calls.ts';
import type { Trustee } from './trustee.ts';

const LONGEST_PAUSE_SECONDS = 30;
const CLOCK_MS = 1_000;

/** Runs rounds until the signal says stop. Whatever a round fails of is told once and tried again after a pause that grows. */
export async function serveRounds(
  trustee: Trustee,
  options: { pollSeconds: number; signal: AbortSignal; log: Log; onRound?: (wasHeard: boolean) => void },
): Promise<void> {
  const { pollSeconds, signal, log, onRound = () => {} } = options;
  const clock = startClock(trustee, log);
  let told: string | null = null;
  let failures = 0;
  try {
    while (!signal.aborted) {
      let isBehind = false;
      try {
        isBehind = await trustee.runRound();
        onRound(true);
        if (told !== null) log({ code: 'PLATFORM_HEARD', text: 'the platform answers again' });
        told = null;
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        onRound(false);
        const fault = describeFault(error);
        if (fault !== told) log({ code: 'PLATFORM_SILENT', text: `no answer from the platform: ${fault}; trying again` });
        told = fault;
        failures++;
      }
      if (isBehind) continue;
      const pause = failures === 0 ? pollSeconds : Math.min(pollSeconds * 2 ** failures, LONGEST_PAUSE_SECONDS);
      await sleep(pause * 1000, undefined, { signal }).catch(() => {});
    }
  } finally {
    clearInterval(clock);
  }
}

/** Erases by the clock. A failure that lasts is told once, not every second. */
function startClock(trustee: Trustee, log: Log): NodeJS.Timeout {
  let told: string | null = null;
  const erase = async () => {
    const fault = await trustee.eraseDue().then(() => null, describeFault);
    if (fault !== null && fault !== told) log({ level: 'warning', code: 'ERASING_FAILED', text: fault });
    told = fault;
  };
  return setInterval(() => void erase(), CLOCK_MS);
}
