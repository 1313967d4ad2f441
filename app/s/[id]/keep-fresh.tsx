'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useTransition } from 'react';
import { isSiteThere } from '#lib/browser/site-there.ts';

/**
 * Makes the page again every few seconds while somebody looks at it, quietly: what changed moves into place. It stands as it is while
 * the site cannot be reached.
 */
export function KeepFresh({ seconds }: { seconds: number | null }) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();

  useEffect(() => {
    if (seconds === null || isPending) return; // never a second request before the first is answered
    const refreshIfThere = async () => {
      if (await isSiteThere()) startTransition(() => router.refresh());
    };
    const refresh = () => document.visibilityState === 'visible' && startTransition(refreshIfThere);
    const timer = setInterval(refresh, seconds * 1000);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [router, seconds, isPending]);

  return null;
}
