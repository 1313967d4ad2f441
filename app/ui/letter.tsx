import type { ReactNode } from 'react';
import css from './letter.module.css';
import { PersonName } from './person-name.tsx';
import { Ring, type RingProps } from './ring.tsx';

interface LetterProps {
  title: string;
  /** The text, as `Markdown`. */
  text: ReactNode;
  ring: RingProps;
  /** What somebody who checks it compares: each hash in hex with what it is of. */
  hashes: readonly { of: string; hex: string }[];
  /** Where anybody can check the record, in full. */
  checkUrl: string;
}

/** The whole on A4 to hang on a wall: title, text, the ring, and how to check it. On screens it does not appear; printing the page gives it. */
export function Letter({ title, text, ring, hashes, checkUrl }: LetterProps) {
  return (
    <article className={css.letter} data-print="only" aria-hidden="true">
      <p className={css.title}>
        <PersonName name={title} />
      </p>
      {text}
      <Ring {...ring} pictureOnly={(ring.names?.length ?? 0) <= 70} />
      <footer className={css.foot}>
        <p>Anybody can check this letter at {checkUrl}</p>
        {hashes.map(({ of, hex }) => (
          <p key={hex}>
            {of} <code>{hex}</code>
          </p>
        ))}
      </footer>
    </article>
  );
}
