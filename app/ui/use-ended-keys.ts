'use client';

import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import { useReading } from './use-reading.ts';

/** Keys of issuers that have ended, the whole list, as everybody gets it; `failed` where this site does not say. */
export function useEndedKeys(): readonly EndedKey[] | 'asking' | 'failed' {
  const { value, isReading } = useReading((signal) => anonymousApi.listEndedKeys({ signal }), []);
  return value ?? (isReading ? 'asking' : 'failed');
}
