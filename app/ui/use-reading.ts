'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

/** Something that a page reads from the site or from this device while somebody looks at it. */
interface Reading<T> {
  /** What was read last for these inputs; undefined before the first has come. */
  value: T | undefined;
  /** Why the last attempt came to nothing; undefined while there is nothing to tell. */
  error: unknown;
  isReading: boolean;
  again: () => void;
  /** Ends it for a reason that the reader is told: it becomes the error. */
  stop: (reason: Error) => void;
}

interface Read<T> {
  inputs: readonly unknown[];
  value?: T;
  error?: unknown;
  isReading: boolean;
}

/** Why reading ends when nobody looks any more. It is told to nobody. */
const LEFT = new Error('left');

/**
 * Reads when the page part appears and whenever an input changes; ends when it goes away.
 * @param read is asked anew with each input, so `inputs` must hold whatever it depends on
 * @param pauseAfter milliseconds after which to read once more, or null for no more; `times` counts what was read before
 */
export function useReading<T>(
  read: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
  pauseAfter: (value: T, times: number) => number | null = () => null,
): Reading<T> {
  const [round, setRound] = useState(0);
  const [last, setLast] = useState<Read<T>>({ inputs, isReading: true });
  const current = useRef<AbortController>(null);
  const times = useRef(0);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const stop = useCallback((reason: Error) => current.current?.abort(reason), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the inputs stand for what `read` and `pauseAfter` depend on
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    current.current = controller;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setLast((before) => ({ ...(isSame(before.inputs, inputs) ? before : {}), inputs, isReading: true }));
    read(signal).then(
      (value) => {
        if (signal.aborted) return;
        setLast({ inputs, value, isReading: false });
        const pause = pauseAfter(value, times.current++);
        if (pause !== null) timer = setTimeout(again, pause);
      },
      (error: unknown) => {
        if (signal.reason !== LEFT) setLast((before) => ({ ...before, error, isReading: false }));
      },
    );
    return () => {
      controller.abort(LEFT);
      clearTimeout(timer);
    };
  }, [round, ...inputs]);

  // What was read for other inputs is not shown for these, not even for a moment.
  if (!isSame(last.inputs, inputs)) return { value: undefined, error: undefined, isReading: true, again, stop };
  return { value: last.value, error: last.error, isReading: last.isReading, again, stop };
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.every((one, i) => Object.is(one, others[i]));
}
