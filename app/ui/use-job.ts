'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

/** Longer work that somebody starts on a page: how far it is, its end when the page is left or they stop it, and what became of it. */
export interface Job<Failure> {
  running: boolean;
  /** 0 to 1, as far as it is known. */
  share: number | undefined;
  failure: Failure | null;
  /** Starts work and ends what ran before. Resolves to whether it came to its end. */
  start: (work: (watch: JobWatch) => Promise<void>) => Promise<boolean>;
  /** Stops it without a word or, given a reason, with that as the failure. */
  stop: (reason?: Error) => void;
}

export interface JobWatch {
  signal: AbortSignal;
  onProgress: (share: number) => void;
}

/** Why work ends when the page is left, other work takes its place, or the reader stops it and needs no word about that. */
const ENDED = new Error('ended');

/**
 * @param describe what a failure is to the reader; the same function at every call
 * @param around runs the work, and may keep something open meanwhile; the same function at every call
 */
export function useJob<Failure>(
  describe: (error: unknown) => Failure,
  around: (work: () => Promise<void>) => Promise<void> = (work) => work(),
): Job<Failure> {
  const [running, setRunning] = useState(false);
  const [share, setShare] = useState<number>();
  const [failure, setFailure] = useState<Failure | null>(null);
  const current = useRef<AbortController>(undefined);
  const [runs] = useState(() => ({ describe, around }));
  useEffect(() => () => current.current?.abort(ENDED), []);

  const start = useCallback<Job<Failure>['start']>(
    async (work) => {
      current.current?.abort(ENDED);
      const controller = new AbortController();
      current.current = controller;
      const isCurrent = () => current.current === controller;
      setRunning(true);
      setShare(undefined);
      setFailure(null);
      try {
        await runs.around(() => work({ signal: controller.signal, onProgress: (next) => isCurrent() && setShare(next) }));
        return true;
      } catch (error) {
        if (isCurrent() && controller.signal.reason !== ENDED) setFailure(runs.describe(error));
        return false;
      } finally {
        if (isCurrent()) setRunning(false);
      }
    },
    [runs],
  );

  const stop = useCallback((reason: Error = ENDED) => current.current?.abort(reason), []);
  return { running, share, failure, start, stop };
}
