'use client';

import { useSyncExternalStore } from 'react';
import { describeDuration } from './time-words.ts';

interface CountdownProps {
  /** The moment counted down to, Unix seconds. */
  until: number;
  /** The server's time when it made the page, Unix seconds: what is shown before the browser's clock takes over. */
  now: number;
  /** What stands there afterwards. */
  over?: string;
}

/** "3 days and 4 hours left", to the two largest units; the page itself need not be made again. */
export function Countdown({ until, now, over = 'time is up' }: CountdownProps) {
  const current = useSyncExternalStore(
    everySecond,
    () => Math.floor(Date.now() / 1000),
    () => now,
  );
  return <span>{current >= until ? over : `${describeDuration(until - current)} left`}</span>;
}

function everySecond(changed: () => void): () => void {
  const timer = setInterval(changed, 1000);
  return () => clearInterval(timer);
}
