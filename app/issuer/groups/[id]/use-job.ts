'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { describeIssuerFailure, type IssuerFailure } from '#app/issuer/issuer-failure.ts';
import { issuerVault } from '#lib/browser/vaults.ts';

/** Longer work of a page: how far it is, its end when the page is left or the reader stops it, and what became of it. */
export interface Job {
  running: boolean;
  /** 0 to 1, as far as it is known. */
  share: number | undefined;
  failure: IssuerFailure | null;
  /** Starts work and ends what ran before. Resolves to whether it came to its end. */
  start: (work: (watch: { signal: AbortSignal; onProgress: (share: number) => void }) => Promise<void>) => Promise<boolean>;
  stop: () => void;
}

export function useJob(): Job {
  const [running, setRunning] = useState(false);
  const [share, setShare] = useState<number>();
  const [failure, setFailure] = useState<IssuerFailure | null>(null);
  const current = useRef<AbortController>(undefined);
  useEffect(() => () => current.current?.abort(), []);

  const start = useCallback<Job['start']>(async (work) => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    const isCurrent = () => current.current === controller;
    setRunning(true);
    setShare(undefined);
    setFailure(null);
    try {
      // The keystore does not lock itself in the middle of it.
      await issuerVault().hold(() => work({ signal: controller.signal, onProgress: (next) => isCurrent() && setShare(next) }));
      return true;
    } catch (error) {
      if (isCurrent() && !controller.signal.aborted) setFailure(describeIssuerFailure(error));
      return false;
    } finally {
      if (isCurrent()) setRunning(false);
    }
  }, []);

  const stop = useCallback(() => current.current?.abort(), []);
  return { running, share, failure, start, stop };
}
