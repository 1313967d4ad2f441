import { Fragment, type ReactNode } from 'react';
import css from './facts.module.css';

/** Terms and what they are, in two columns where there is room: the plain way to show a statement's or a group's data. */
export function FactList({ facts }: { facts: readonly { term: ReactNode; value: ReactNode; key?: string }[] }) {
  return (
    <dl className={css.terms}>
      {facts.map(({ term, value, key }, i) => (
        <Fragment key={key ?? (typeof term === 'string' ? term : i)}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
