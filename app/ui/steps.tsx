import type { ReactNode } from 'react';
import css from './steps.module.css';

interface StepsProps {
  /** Each step's name, with what to know about it where that helps. */
  steps: readonly { title: ReactNode; text?: ReactNode; key: string }[];
  /** Index of the step the reader is at; without it the steps only explain. */
  current?: number;
}

/** Numbered steps, as an explanation or as a way through a longer task. */
export function StepList({ steps, current }: StepsProps) {
  return (
    <ol className={css.steps}>
      {steps.map((step, i) => (
        <li
          key={step.key}
          className={current === undefined ? undefined : i < current ? css.past : i === current ? css.here : css.coming}
          aria-current={i === current ? 'step' : undefined}
        >
          <span className={css.title}>{step.title}</span>
          {step.text && <span className={css.text}>{step.text}</span>}
        </li>
      ))}
    </ol>
  );
}
