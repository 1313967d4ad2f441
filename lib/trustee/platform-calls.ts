// The manner in which a trustee speaks to a platform that it does not trust: with time limits, size limits and patience

import { ApiError } from '#lib/api/api-error.ts';
import { limitAnswers } from '#lib/api/limit-answers.ts';
import type { CallOptions, Fetch } from '#lib/api/request.ts';
import { explainFailure } from '#lib/host/explain-failure.ts';

const SHORT_MS = 20_000;
const LONG_MS = 180_000;

/** For an answer of moderate size. A busy platform is asked again at the next round, not waited for. */
export function shortCall(): CallOptions {
  return { signal: AbortSignal.timeout(SHORT_MS), patienceSeconds: 0 };
}

/**
 * For what is long or takes the platform long: a segment, the leaves of a roll, the opening of a large wave. Three minutes, or the
 * seconds after which it must not go on if those are fewer.
 */
export function longCall(seconds = Number.POSITIVE_INFINITY): CallOptions {
  return { signal: AbortSignal.timeout(Math.min(LONG_MS, seconds * 1_000)), patienceSeconds: 0, isLong: true };
}

/**
 * A `fetch` for a patient and cautious caller. A request that fails without an answer is tried once more at once: most often the
 * platform had closed a connection that was kept open between two rounds, and everything that a trustee asks or sends may be repeated.
 * Answers break off after 256 MB, so that a platform cannot fill the trustee's memory: ApiError ANSWER_TOO_LONG. SPEC §13.1.
 */
export function limitFetch(fetch: Fetch, mostBytes?: number): Fetch {
  return limitAnswers(
    (input, init) =>
      fetch(input, init).catch((error: unknown) => {
        if (init.signal?.aborted) throw error;
        return fetch(input, init);
      }),
    mostBytes,
  );
}

/** Whether the platform as a whole did not answer, so that asking it anything else now is of no use. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 0;
  return error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');
}

const FINAL_CODES = ['MESSAGE_CONFLICT', 'KEYING_OVER', 'STATEMENT_ENDED'];

/** Whether the platform refuses a message for good: sending it again changes nothing. */
export function isFinalRefusal(error: unknown): boolean {
  return ApiError.is(error, ...FINAL_CODES);
}

/** Whether the platform refuses a message for whatever reason, as against failing to answer. */
export function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code !== 'BAD_ANSWER' && error.status >= 400 && error.status < 500 && error.status !== 429;
}

/** A failure in one line for the log: codes and places, nothing that was sent. */
export function describeFault(error: unknown): string {
  if (error instanceof ApiError && error.cause instanceof Error) return `${error.code}: ${explainFailure(error.cause)}`;
  if (error instanceof ApiError) return `${error.code}${error.status ? ` (HTTP ${error.status})` : ''}`;
  if (error instanceof DOMException) return error.name;
  return error instanceof Error ? error.message : 'an unknown failure';
}
