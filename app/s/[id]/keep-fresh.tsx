'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Makes the page again every few seconds while somebody looks at it, quietly: what changed moves into place. */
export function KeepFresh({ seconds }: { seconds: number | null }) {
  const router = useRouter();
  useEffect(() => {
    if (seconds === null) return;
    const refresh = () => document.visibilityState === 'visible' && router.refresh();
    const timer = setInterval(refresh, seconds * 1000);
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [router, seconds]);
  return null;
}
