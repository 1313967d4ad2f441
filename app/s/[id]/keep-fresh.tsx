'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useTransition } from 'react';

/** Makes the page again every few seconds while somebody looks at it, quietly: what changed moves into place. */
export function KeepFresh({ seconds }: { seconds: number | null }) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();

  useEffect(() => {
    if (seconds === null || isPending) return; // never a second request before the first is answered
    const refresh = () => document.visibilityState === 'visible' && startTransition(() => router.refresh());
    const timer = setInterval(refresh, seconds * 1000);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [router, seconds, isPending]);

  return null;
}
