import type { ReactNode } from 'react';
import { Ring } from '../ring/ring.tsx';
import { SAMPLE_LIVE, SAMPLE_NAMES } from '../ring/sample-ring.ts';
import css from './hero.module.css';

/** What this is, in a few sentences and one picture: the same letter before and after. `action` is the page's one button. */
export function Hero({ action }: { action?: ReactNode }) {
  return (
    <section className={css.hero}>
      <div className={css.words}>
        <h1>Sign together, or not at all</h1>
        <p className={css.lead}>
          You sign, and your name is sealed. Nobody can read it until as many have signed as the letter asks for. Then all the names appear
          at once.
        </p>
        <p>If too few sign by the deadline, the trustees destroy the key, and nobody learns that you were ready to.</p>
        <p className={css.aside}>
          Sailors who petitioned their captain signed in a circle, so that none of them could be punished as the first. They called it a
          round robin.
        </p>
        {action && <div className={css.action}>{action}</div>}
      </div>
      <div className={css.pictures}>
        <Ring
          state="open"
          needed={SAMPLE_NAMES.length}
          statement="sample"
          live={SAMPLE_LIVE}
          title="A letter that waits: a circle of 24 seats, 17 of them sealed"
          caption="Before the twenty-fourth signature: only how many."
          pictureOnly
        />
        <Ring
          state="revealed"
          needed={SAMPLE_NAMES.length}
          statement="sample"
          live={SAMPLE_NAMES.length}
          names={SAMPLE_NAMES}
          title="The same letter revealed: 24 invented names stand around the circle"
          caption="After it: everybody, and nobody first."
          pictureOnly
        />
      </div>
    </section>
  );
}
