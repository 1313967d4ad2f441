'use client';

import { useEffect, useRef } from 'react';

/**
 * Hands over what stands behind the `#` of the address, which the site is never sent: now, and whenever it changes.
 * @param onFragment is given it with the `#`, and may take it out of the address bar; that of the first call is used throughout
 */
export function useFragment(onFragment: (fragment: string) => void): void {
  const hand = useRef(onFragment);
  useEffect(() => {
    const read = () => hand.current(location.hash);
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
}
