'use client';

import { useEffect, useRef, useState } from 'react';
import { Button, type ButtonKind } from './button.tsx';
import css from './copy.module.css';

interface CopyFieldProps {
  /** Names what is copied, e.g. "Link to this statement". */
  label: string;
  value: string;
}

/** Copies a text and says that it has. */
export function CopyButton({ value, children = 'Copy', kind = 'secondary' }: { value: string; children?: string; kind?: ButtonKind }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function copy() {
    const outcome = await navigator.clipboard.writeText(value).then(
      () => 'copied' as const,
      () => 'failed' as const,
    );
    setState(outcome);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState('idle'), 4000);
  }

  return (
    <span className={css.copy}>
      <Button kind={kind} onClick={() => void copy()}>
        {state === 'copied' ? 'Copied' : children}
      </Button>
      <span role="status" className={state === 'failed' ? css.failed : css.unseen}>
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'The browser did not allow it; select the text and copy it by hand.' : ''}
      </span>
    </span>
  );
}

/** A link or code in full, to select by hand, with a button that copies it. */
export function CopyField({ label, value }: CopyFieldProps) {
  return (
    <div className={css.field}>
      <label className={css.wrap}>
        <span className={css.label}>{label}</span>
        <input className={css.value} readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <CopyButton value={value} />
    </div>
  );
}
