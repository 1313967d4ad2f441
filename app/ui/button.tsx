import Link from 'next/link';
import type { ComponentProps } from 'react';
import css from './button.module.css';

/** `primary`: the one thing this page is for. `danger`: cannot be taken back. `link`: a small matter beside the text. */
export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'link';

interface ButtonProps extends ComponentProps<'button'> {
  kind?: ButtonKind;
  /** The action runs: the button keeps its size and focus, says so to screen readers and takes no second press. */
  busy?: boolean;
}

/** A button; `type` is "button" unless it says otherwise. */
export function Button({ kind = 'primary', busy = false, className, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={[css.button, css[kind], className].filter(Boolean).join(' ')}
    />
  );
}

/** A link that looks like a button, for an action that is a page of its own. */
export function ButtonLink({ kind = 'primary', className, ...rest }: ComponentProps<typeof Link> & { kind?: ButtonKind }) {
  return <Link {...rest} className={[css.button, css[kind], className].filter(Boolean).join(' ')} />;
}

/** Buttons side by side, under one another where they do not fit; the primary one first. */
export function ButtonRow({ children }: ComponentProps<'div'>) {
  return <div className={css.row}>{children}</div>;
}
