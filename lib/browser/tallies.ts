import 'client-only';
import { hexToBytes } from '@noble/hashes/utils.js';
import { readPages } from '#lib/api/pages.ts';
import { LARGEST_TALLY, looksLikeTally, type TallyReport } from '#lib/checking/check-tally.ts';
import type { Collected } from '#lib/checking/collect-answers.ts';
import type { SealedAnswer } from '#lib/protocol/challenge/answer.ts';
import { signAnswersRequest } from '#lib/protocol/challenge/answers-request.ts';
import type { Asker } from '#lib/protocol/challenge/asker-file.ts';
import type { ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import { anonymousApi } from './anonymous-api.ts';
import type { TallyJobs } from './tally-worker.ts';
import { workApart } from './work-apart.ts';

const LIMIT_MS = 1_800_000;
/** Bytes in which a file shows what it is. */
const LOOKED_AT = 64;

const apart = workApart<TallyJobs>({
  start: () => new Worker(new URL('./tally-worker.ts', import.meta.url), { type: 'module' }),
  timeLimitMs: LIMIT_MS,
});

/** Whether a file of the person's is a tally and not a record. */
export async function isTallyFile(file: Blob): Promise<boolean> {
  return looksLikeTally(await file.slice(0, LOOKED_AT).text());
}

/** Checks a tally in a worker. @throws the signal's reason, or an Error with a sentence */
export async function verifyTally(file: Blob, signal: AbortSignal): Promise<TallyReport> {
  if (file.size > LARGEST_TALLY) throw new Error('This file is larger than any tally.');
  return apart.run('check', file, { signal });
}

/** Opens and counts what members have sent, in a worker. @throws the signal's reason, or an Error with a sentence */
export function countAnswers(context: ChallengeContext, sealed: unknown[], asker: Asker, signal: AbortSignal): Promise<Collected> {
  const { challenge, rolls } = context;
  return apart.run('collect', { challenge, rolls: [...rolls.values()], sealed, asker }, { signal });
}

/**
 * All answers that the platform keeps for the asker. @param now the platform's clock, Unix seconds
 * @throws ApiError, and the signal's reason
 */
export async function fetchAnswers(id: string, asker: Asker, now: () => number, signal: AbortSignal): Promise<SealedAnswer[]> {
  const ask = (after?: string) => {
    const request = signAnswersRequest(id, after, now(), hexToBytes(asker.seed));
    return anonymousApi.readAnswers(request, { signal, cache: 'no-store' });
  };
  return (await readPages(ask)).flatMap(({ answers }) => answers);
}
