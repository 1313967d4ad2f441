'use client';

import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import css from './sign.module.css';

/** Who gets what of a signature, and what becomes of it: the words that belong beside the button. */
export function WhoSees({ context }: { context: StatementContext }) {
  const { committee, together } = context.statement;
  const { threshold, trustees } = committee;
  return (
    <details className={css.details}>
      <summary>Who sees what of it, and what nobody can protect you from</summary>
      <ul>
        <li>
          {`Your entry goes to the site and to the statement’s ${trustees.length} trustees. It holds your name under a seal, and a number that only your wallet can make again. They erase what was not opened when the time is over.`}
        </li>
        <li>The public sees a salted hash of it in a list, and one more in the count. Only your receipt tells which hash is yours.</li>
        <li>
          {`Before the names open, ${threshold} trustees mix them one after the other. No ${threshold - 1 === 1 ? 'single one' : `${threshold - 1}`} of them, nor this site, can tell which signature was whose.`}
        </li>
        {together > 1 && <li>{`At least ${together} names of a group open at once; where fewer are left, they are destroyed.`}</li>}
        <li>
          If the condition is not met in time, the key is destroyed. Then nothing public can be matched with a device that is taken from
          you.
        </li>
        <li>
          <span>{`${threshold} trustees who break their word together can open names early and see who signed when. `}</span>
          Whoever takes your device and also has the site’s disk or a trustee’s, before the end, finds your signature.
        </li>
      </ul>
    </details>
  );
}
