'use client';

import { useReading } from '#app/ui/use-reading.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { manifest } from '#lib/browser/artifacts.ts';
import { ownTime } from '#lib/browser/platform-clock.ts';
import { clockAhead } from '#lib/signing/clock.ts';
import { fetchStatement, type LoadedStatement, signingState } from '#lib/signing/load-statement.ts';
import { judgeFragment } from '../judge-fragment.ts';
import type { NotLoaded } from './load-notice.tsx';
import { describeBadStatement } from './refusal-words.ts';

export type StatementLoad = NotLoaded | { at: 'loaded'; loaded: LoadedStatement; ahead: number /** Of this device's clock, in seconds. */ };

const KEYING_POLL_MS = 3000;

/**
 * Fetches a statement and checks all of it on this device, against the hash in the address and, where there is one, in its
 * fragment. While its key is being made it is fetched again.
 */
export function useLoadedStatement(id: string): StatementLoad {
  const { value, error, again } = useReading((signal) => checkStatement(id, signal), [id], pauseWhileKeying);
  if (error !== undefined)
    return { at: 'unreachable', message: error instanceof ApiError ? error.message : 'The statement could not be fetched.', retry: again };
  return value ?? { at: 'checking' };
}

function pauseWhileKeying(load: StatementLoad): number | null {
  const isKeying = load.at === 'loaded' && signingState(load.loaded, ownTime() - load.ahead) === 'keying';
  return isKeying ? KEYING_POLL_MS : null;
}

async function checkStatement(id: string, signal: AbortSignal): Promise<StatementLoad> {
  const verdict = judgeFragment(location.hash, id, id);
  if (verdict === 'other') return { at: 'refused', refusal: describeBadStatement('SWAPPED_STATEMENT') };
  if (verdict === 'cut') return { at: 'refused', refusal: describeBadStatement('INCOMPLETE_LINK') };
  const asked = ownTime();
  const checked = await fetchStatement(anonymousApi, id, manifest, { signal });
  if (!checked.ok) return { at: 'refused', refusal: describeBadStatement(checked.code, checked.detail) };
  return { at: 'loaded', loaded: checked.value, ahead: clockAhead(asked, ownTime(), checked.value.platformTime) };
}
