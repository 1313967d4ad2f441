import type { ReactNode } from 'react';
import css from './notice.module.css';
import { Words } from './words.tsx';

interface NoticeProps {
  kind: 'info' | 'warning' | 'error';
  /** What happened or what there is to know, in one sentence. */
  title: ReactNode;
  /** What became of the reader's things, above all that nothing was lost. */
  lost?: ReactNode;
  /** What to do now. */
  todo?: ReactNode;
  /** The error code for whoever helps; stands small underneath. */
  code?: string;
  /** One button or link. */
  action?: ReactNode;
  children?: ReactNode;
  /** Announce it at once: for what appears as an answer to something the reader did. */
  live?: boolean;
}

/** A message in the text: what happened, that nothing was lost, what to do. */
export function Notice({ kind, title, lost, todo, code, action, children, live }: NoticeProps) {
  const role = live ? (kind === 'error' ? 'alert' : 'status') : undefined;
  return (
    <div className={`${css.notice} ${css[kind]}`} role={role}>
      <p className={css.title}>
        <Words>{title}</Words>
      </p>
      {children}
      {lost && <p>{lost}</p>}
      {todo && <p>{todo}</p>}
      {action && <div className={css.action}>{action}</div>}
      {code && (
        <p className={css.code}>
          Code for whoever helps you: <code translate="no">{code}</code>
        </p>
      )}
    </div>
  );
}
