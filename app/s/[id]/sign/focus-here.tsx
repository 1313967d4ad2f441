'use client';

import type { ReactNode } from 'react';
import { takeFocus } from '#app/ui/take-focus.ts';
import css from './sign.module.css';

/** Takes the focus when it appears: for what comes in the place of the button that was pressed. */
export function FocusHere({ children }: { children: ReactNode }) {
  return (
    <div ref={takeFocus} tabIndex={-1} className={css.focus}>
      {children}
    </div>
  );
}
