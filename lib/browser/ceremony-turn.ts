import 'client-only';
import { bytesToHex } from '@noble/hashes/utils.js';
import { ApiError } from '#lib/api/api-error.ts';
import { type CeremonyApi, createCeremonyApi } from '#lib/api/ceremony-client.ts';
import { encodeOffer } from '#lib/api/ceremony-offer.ts';
import type { PlaceStatus } from '#lib/api/ceremony-shapes.ts';
import type { ContributeJobs, ContributeReport, ContributeTask, Made } from './ceremony-worker.ts';
import { askClockAhead, ownTime } from './platform-clock.ts';
import { secureRandom } from './secure-random.ts';
import { workApart } from './work-apart.ts';

export type TurnReport =
  | { stage: 'waiting'; ahead: number | null }
  | ContributeReport
  /** The contribution is made. It is not in the ceremony yet. */
  | { stage: 'sending'; made: Made }
  | { stage: 'checking' };

export type TurnOptions = { signal: AbortSignal; onReport: (report: TurnReport) => void };

const POLL_MS = 2_000;
const HEARTBEAT_MS = 5_000;
const WORK_LIMIT_MS = 3_600_000;
const apart = workApart<ContributeJobs>({
  start: () => new Worker(new URL('./ceremony-worker.ts', import.meta.url), { type: 'module' }),
  timeLimitMs: WORK_LIMIT_MS,
});
/** The tab's own store: another tab is another place, and a copy of a tab, whose store is copied, gets one too. */
const KEPT_AS = 'ceremony-place';

/**
 * One person's part in a ceremony from queue to acceptance: waits for the turn, has a worker verify and contribute, brings the
 * result and waits until it has been checked. Holds out while the site cannot be reached, so that it may be restarted meanwhile.
 * @returns the position of the contribution
 * @throws the reason of `signal`, ApiError of the site, or an Error with a sentence; the place is given up then
 */
export async function takePart(
  request: Omit<ContributeTask, 'newest' | 'time'>,
  options: TurnOptions,
): Promise<{ made: Made; position: number }> {
  const api = createCeremonyApi('', (input, init) => fetch(input, init));
  options.onReport({ stage: 'waiting', ahead: null });
  return inOwnPlace(api, options.signal, (token) => takeTurn(api, token, request, options));
}

async function takeTurn(
  api: CeremonyApi,
  token: string,
  request: Omit<ContributeTask, 'newest' | 'time'>,
  options: TurnOptions,
): Promise<{ made: Made; position: number }> {
  const { signal, onReport } = options;
  // Working and sending may take longer than a place is kept for whoever is not heard of.
  const heartbeat = setInterval(() => void api.askPlace(token, { signal, patienceSeconds: 0 }).catch(() => {}), HEARTBEAT_MS);
  try {
    await waitForTurn(api, token, options);
    const { contributions } = await holdOut(() => api.describe({ signal }), signal);
    const time = Math.floor(ownTime() - (await askClockAhead())); // what is dated after its beacon is not taken
    const made = await apart.run('contribute', { ...request, newest: contributions.length, time }, { signal, onNews: onReport });
    onReport({ stage: 'sending', made });
    const position = await bring(api, token, made, options);
    // Before this page was loaded again it may have brought another contribution.
    const now = await holdOut(() => api.describe({ signal }), signal);
    const taken = now.contributions.find((one) => one.position === position);
    if (taken && taken.hash !== made.attestation.contribution) throw new TakenBefore(position);
    return { made, position };
  } catch (error) {
    // Whoever brought what was taken still asks for it by this place.
    if (!(error instanceof TakenBefore)) await api.leavePlace(token, { patienceSeconds: 0 }).catch(() => {});
    throw error;
  } finally {
    clearInterval(heartbeat);
    sessionStorage.removeItem(KEPT_AS);
  }
}

/** What was taken at this place was made before this page was loaded again. */
export class TakenBefore extends Error {
  constructor(position: number) {
    super(`Another contribution of yours, made before this page was loaded again, is number ${position} now.`);
  }
}

/** Acts in the place that this tab has already, unless another tab is at work in it; else in a new one. */
async function inOwnPlace<T>(api: CeremonyApi, signal: AbortSignal, act: (token: string) => Promise<T>): Promise<T> {
  const kept = sessionStorage.getItem(KEPT_AS);
  const done =
    kept &&
    (await navigator.locks.request(lockOf(kept), { ifAvailable: true }, async (lock) => {
      const status = lock && (await holdOut(() => api.askPlace(kept, { signal }), signal).catch(() => null));
      return status && status.state !== 'refused' ? { value: await act(kept) } : null;
    }));
  if (done) return done.value;
  const token = bytesToHex(secureRandom(32));
  return navigator.locks.request(lockOf(token), async () => {
    await holdOut(() => api.takePlace(token, { signal }), signal);
    sessionStorage.setItem(KEPT_AS, token);
    return act(token);
  });
}

function lockOf(token: string): string {
  return `round-robin-ceremony-${token}`;
}

async function waitForTurn(api: CeremonyApi, token: string, { signal, onReport }: TurnOptions): Promise<void> {
  for (;;) {
    const status = await holdOut(() => api.askPlace(token, { signal }), signal);
    if (status.state === 'waiting') onReport({ stage: 'waiting', ahead: status.ahead });
    else if (status.state === 'accepted') throw new TakenBefore(status.position);
    else if (status.state !== 'checking') break;
    await pause(signal);
  }
  await holdOut(() => api.beginTurn(token, { signal }), signal);
}

/** Sends the contribution until the site has taken or refused it: a restarted site has forgotten what it was checking. */
async function bring(api: CeremonyApi, token: string, made: Made, { signal, onReport }: TurnOptions): Promise<number> {
  const offer = encodeOffer(made.key, made.attestation);
  for (;;) {
    const status = await holdOut(() => askAndOffer(api, token, offer, signal), signal);
    if (status.state === 'accepted') return status.position;
    if (status.state === 'refused') throw new Error(`The site found the contribution unsound: ${status.reason}.`);
    if (status.state === 'checking') onReport({ stage: 'checking' });
    await pause(signal);
  }
}

async function askAndOffer(api: CeremonyApi, token: string, offer: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<PlaceStatus> {
  const status = await api.askPlace(token, { signal });
  return status.state === 'contributing' ? api.offer(token, offer, { signal }) : status;
}

/** Asks again for as long as the site cannot be reached. */
async function holdOut<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!ApiError.is(error, 'NETWORK', 'TIMED_OUT') && !(ApiError.is(error) && error.status >= 500)) throw error;
      await pause(signal);
    }
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, POLL_MS);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
