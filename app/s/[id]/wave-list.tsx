'use client';

import { LongList } from '#app/ui/long-list.tsx';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import css from './statement.module.css';

export interface ListedWave {
  number: number;
  /** How many names it has; null until it is open. */
  size: number | null;
  checkpoint: number;
}

/** What was opened together, from which checkpoint: where signatures appear at once there may be as many waves as names. */
export function WaveList({ waves }: { waves: readonly ListedWave[] }) {
  return (
    <LongList items={waves} textOf={wordsOf} find="Find a wave or checkpoint" one="wave" many="waves" size={12}>
      {(shown) => (
        <ul className={css.waves}>
          {shown.map(({ number, size, checkpoint }) => (
            <li key={number}>
              <span>{`${waves.length > 1 ? `Wave ${number}: ` : ''}${describeSize(size)}, called for by checkpoint ${checkpoint}.`}</span>
            </li>
          ))}
        </ul>
      )}
    </LongList>
  );
}

function describeSize(size: number | null): string {
  return size === null ? 'names that are not open' : countOf(size, 'name', 'names');
}

function wordsOf({ number, checkpoint }: ListedWave): string {
  return `wave ${number} checkpoint ${checkpoint}`;
}
