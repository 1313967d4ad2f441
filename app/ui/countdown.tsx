'use client';

import { useSyncExternalStore } from 'react';

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

/** The two largest units of a duration in words; seconds only below a minute. @param seconds at least 0 */
export function describeDuration(seconds: number): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  const largest = units.findIndex(([, length]) => seconds >= length);
  if (largest < 0) return countOf(Math.max(0, Math.floor(seconds)), 'second');
  const [name, length] = units[largest]!;
  const whole = Math.floor(seconds / length);
  const next = units[largest + 1];
  const rest = next ? Math.floor((seconds - whole * length) / next[1]) : 0;
  return rest > 0 && next ? `${countOf(whole, name)} and ${countOf(rest, next[0])}` : countOf(whole, name);
}

function countOf(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
