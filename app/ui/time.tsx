'use client';

import { useSyncExternalStore } from 'react';

type Detail = 'day' | 'minute';

const never = () => () => {};

/**
 * A moment, in the reader's own time zone with the zone named. The server writes it in UTC; the browser puts its own in place
 * once it has taken over, so both agree while the page wakes up.
 * @param at Unix seconds
 * @param detail `day` for what is only meant to the day
 */
export function Time({ at, detail = 'minute' }: { at: number; detail?: Detail }) {
  const text = useSyncExternalStore(
    never,
    () => formatTime(at, detail),
    () => formatTime(at, detail, 'UTC'),
  );
  return <time dateTime={new Date(at * 1000).toISOString()}>{text}</time>;
}

/** "1 March 2027, 14:00 CET". @param at Unix seconds @param timeZone IANA name; without it the zone of the machine */
export function formatTime(at: number, detail: Detail, timeZone?: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone });
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZoneName: 'short', timeZone });
  const date = new Date(at * 1000);
  return detail === 'day' ? day.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}
