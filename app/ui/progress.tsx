'use client';

import { useId } from 'react';
import { Button } from './button.tsx';
import css from './progress.module.css';

interface ProgressProps {
  label: string;
  /** 0 to 1; leave it out while nobody can say how far it is. */
  done?: number;
  /** What is shown beside the bar, e.g. "340 of 1 200". */
  detail?: string;
}

/** A bar with its label; the browser tells screen readers how far it is. */
export function ProgressBar({ label, done, detail }: ProgressProps) {
  const id = useId();
  return (
    <div className={css.progress}>
      <div className={css.line}>
        <label htmlFor={id}>{label}</label>
        {detail && <span className={css.detail}>{detail}</span>}
      </div>
      <progress id={id} max={1} value={done === undefined ? undefined : Math.min(1, Math.max(0, done))} />
    </div>
  );
}

interface StagedProgressProps {
  /** What is being done, e.g. "Sealing your signature". */
  label: string;
  /** The stages in words, in order. */
  stages: readonly string[];
  /** Index of the running stage; stages.length once all are done. */
  current: number;
  /** How far the running stage is, 0 to 1, where that is known. */
  done?: number;
  onCancel?: () => void;
  cancelLabel?: string;
}

/** Work of several stages: each one shown as done, running or to come, the running one announced, and a way out. */
export function StagedProgress({ label, stages, current, done, onCancel, cancelLabel = 'Cancel' }: StagedProgressProps) {
  const running = stages[current];
  return (
    <div className={css.staged}>
      <ProgressBar label={label} done={(current + (done ?? 0)) / stages.length} />
      <ol className={css.stages}>
        {stages.map((stage, i) => (
          <li
            key={stage}
            className={i < current ? css.past : i === current ? css.running : css.coming}
            aria-current={i === current ? 'step' : undefined}
          >
            <span>{stage}</span>
            {i < current && <span className={css.unseen}> (done)</span>}
          </li>
        ))}
      </ol>
      <p className={css.unseen} role="status">
        {running ? `${running}, step ${current + 1} of ${stages.length}` : `${label}: done`}
      </p>
      {onCancel && running && (
        <Button kind="secondary" onClick={onCancel}>
          {cancelLabel}
        </Button>
      )}
    </div>
  );
}
