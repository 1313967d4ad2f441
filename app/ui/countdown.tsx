'use client';

import { useMemo, useSyncExternalStore } from 'react';
import { isNotable } from '#lib/signing/clock.ts';
import { describeDuration } from './time-words.ts';

interface CountdownProps {
  /** The moment counted down to, Unix seconds. */
  until: number;
  /** The server's time when it made the page, Unix seconds: what is shown first, and what a browser's clock that is set wrong gives way to. */
  now: number;
  /** What stands there afterwards. */
  over?: string;
}

/** "3 days and 4 hours left", to the two largest units; the page itself need not be made again. */
export function Countdown({ until, now, over = 'time is up' }: CountdownProps) {
  const ahead = useMemo(() => Date.now() / 1000 - now, [now]);
  const current = useSyncExternalStore(
    everySecond,
    () => Math.floor(Date.now() / 1000 - (isNotable(ahead) ? ahead : 0)),
    () => now,
  );
  return <span>{current >= until ? over : `${describeDuration(until - current)} left`}</span>;
}

function everySecond(changed: () => void): () => void {
  const timer = setInterval(changed, 1000);
  return () => clearInterval(timer);
}
