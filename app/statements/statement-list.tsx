import Link from 'next/link';
import type { StatementSummary } from '#lib/api/shapes.ts';
import { groupDigits } from '../ring/ring-words.ts';
import { PersonName } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';
import css from './statement-list.module.css';

/** Statements by their titles, each with how it stands. */
export function ListedStatements({ statements }: { statements: readonly StatementSummary[] }) {
  return (
    <ul className={css.list}>
      {statements.map((statement) => (
        <li key={statement.id}>
          <Link href={`/s/${statement.id}`} prefetch={false} className={css.title} lang={statement.language}>
            <PersonName name={statement.title} />
          </Link>
          <span className={css.state}>{describeStanding(statement)}</span>
          <span className={css.time}>
            <span>{statement.state === 'open' || statement.state === 'keying' ? 'until ' : 'deadline '}</span>
            <Time at={statement.deadline} detail="day" />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** How a statement stands, in a few words. */
function describeStanding({ state, count, needed, revealed }: StatementSummary): string {
  switch (state) {
    case 'keying':
      return 'The trustees are making its key';
    case 'aborted':
      return 'Never opened';
    case 'open':
      return `${groupDigits(count)} of at least ${groupDigits(needed)} signatures`;
    case 'closed':
      return `${groupDigits(count)} signatures; the deadline has passed`;
    case 'revealed':
      return revealed === 1 ? '1 name revealed' : `${groupDigits(revealed)} signed together`;
    case 'unopened':
      return 'Enough signed; sealed for ever';
    case 'unvouched':
      return 'Ended, by the platform’s word';
    case 'destroyed':
      return 'Too few signed; nobody learns who';
  }
}
