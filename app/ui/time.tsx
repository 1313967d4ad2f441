'use client';

import { useSyncExternalStore } from 'react';
import { type Detail, formatTime } from './time-words.ts';

const never = () => () => {};

/**
 * A moment, in the reader's own time zone with the zone named. The server writes it in UTC; the browser puts its own in place
 * once it has taken over, so both agree while the page wakes up. It may be signed: no program that translates pages may touch it.
 * @param at Unix seconds
 * @param detail `day` for what is only meant to the day
 */
export function Time({ at, detail = 'minute' }: { at: number; detail?: Detail }) {
  const text = useSyncExternalStore(
    never,
    () => formatTime(at, detail),
    () => formatTime(at, detail, 'UTC'),
  );
  return (
    <time translate="no" dateTime={new Date(at * 1000).toISOString()}>
      {text}
    </time>
  );
}
