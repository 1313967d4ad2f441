'use client';

import { judgeFragment } from '#app/s/[id]/judge-fragment.ts';
import type { NotLoaded } from '#app/s/[id]/sign/load-notice.tsx';
import { useReading } from '#app/ui/use-reading.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { manifest } from '#lib/browser/artifacts.ts';
import { ownTime } from '#lib/browser/platform-clock.ts';
import { type LoadedChallenge, loadChallenge } from '#lib/signing/load-challenge.ts';
import { describeBadQuestion } from './refused-question.ts';

type QuestionLoad = NotLoaded | { at: 'loaded'; loaded: LoadedChallenge };

/** Fetches a challenge and checks all of it on this device, against the hash in the address and, where there is one, in its fragment. */
export function useQuestion(id: string): QuestionLoad {
  const { value, error, again } = useReading((signal) => checkQuestion(id, signal), [id]);
  if (error !== undefined)
    return { at: 'unreachable', message: error instanceof ApiError ? error.message : 'The question could not be fetched.', retry: again };
  return value ?? { at: 'checking' };
}

async function checkQuestion(id: string, signal: AbortSignal): Promise<QuestionLoad> {
  const verdict = judgeFragment(location.hash, id, id);
  if (verdict === 'other') return { at: 'refused', refusal: describeBadQuestion('SWAPPED_CHALLENGE') };
  if (verdict === 'cut') return { at: 'refused', refusal: describeBadQuestion('INCOMPLETE_LINK') };
  const checked = await loadChallenge({ api: anonymousApi, manifest, now: ownTime }, id, { signal });
  return checked.ok
    ? { at: 'loaded', loaded: checked.value }
    : { at: 'refused', refusal: describeBadQuestion(checked.code, checked.detail) };
}
