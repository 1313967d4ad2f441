import Link from 'next/link';
import type { StatementSummary } from '#lib/api/shapes.ts';
import { PersonName } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';
import { describeStanding } from './describe-standing.ts';
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
