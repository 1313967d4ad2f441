'use client';

import { type ReactNode, useEffect, useState } from 'react';
import css from './ring.module.css';

/**
 * Lets what enters the ring from now on move: a seal that arrives is pressed in, names that appear break their seals. What was
 * there when the page came stands still, and nothing moves for readers who asked for less motion.
 */
export function RingMotion({ children }: { children: ReactNode }) {
  const [live, setLive] = useState(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => setLive(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <div className={live ? `${css.picture} ${css.live}` : css.picture} translate="no">
      {children}
    </div>
  );
}
