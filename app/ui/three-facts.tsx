import type { ReactNode } from 'react';
import css from './facts.module.css';

interface ThreeFactsProps {
  leaves: ReactNode;
  sees: ReactNode;
  when: ReactNode;
}

/** What leaves this device, who sees it, when: one line each, before every step that matters. */
export function ThreeFacts({ leaves, sees, when }: ThreeFactsProps) {
  return (
    <dl className={css.facts}>
      <div>
        <dt>What leaves this device</dt>
        <dd>{leaves}</dd>
      </div>
      <div>
        <dt>Who sees it</dt>
        <dd>{sees}</dd>
      </div>
      <div>
        <dt>When</dt>
        <dd>{when}</dd>
      </div>
    </dl>
  );
}
