'use client';

import { LongList } from '#app/ui/long-list.tsx';
import { groupDigits } from '#app/ui/ring-words.ts';
import { Time } from '#app/ui/time.tsx';
import css from './statement.module.css';

export interface ListedWave {
  number: number;
  size: number;
  checkpointNumber: number;
  /** Unix seconds. */
  time: number;
}

/** What was opened together, from which checkpoint: where signatures appear at once there may be as many waves as names. */
export function WaveList({ waves }: { waves: readonly ListedWave[] }) {
  return (
    <LongList items={waves} textOf={wordsOf} find="Find a wave or checkpoint" one="wave" many="waves" size={12}>
      {(shown) => (
        <ul className={css.waves}>
          {shown.map(({ number, size, checkpointNumber, time }) => (
            <li key={number}>
              <span>{`${waves.length > 1 ? `Wave ${number}: ` : ''}${groupDigits(size)} ${size === 1 ? 'name' : 'names'} from checkpoint ${checkpointNumber}, `}</span>
              <Time at={time} />.
            </li>
          ))}
        </ul>
      )}
    </LongList>
  );
}

function wordsOf({ number, checkpointNumber }: ListedWave): string {
  return `wave ${number} checkpoint ${checkpointNumber}`;
}
