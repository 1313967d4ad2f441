'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import css from './sign.module.css';

/** Takes the focus when it appears: for what comes in the place of the button that was pressed. */
export function FocusHere({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} className={css.focus}>
      {children}
    </div>
  );
}
