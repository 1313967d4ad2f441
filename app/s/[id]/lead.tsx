import Link from 'next/link';
import { Condition } from '#app/ui/condition.tsx';
import { Time } from '#app/ui/time.tsx';
import { Words } from '#app/ui/words.tsx';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { describeState, isMixing, isStranded } from './present-statement.ts';

/** What a reader has to know first, in the state in which the statement is. */
export function Lead({ view }: { view: StatementView }) {
  const { statement } = view;
  if (view.state === 'aborted')
    return (
      <p key="aborted">
        The trustees did not make a key, so nobody was able to sign. Whoever wrote it can open it again as{' '}
        <Link href="/new">a new statement</Link>.
      </p>
    );
  if (isStranded(view)) return <p>{describeState(view)}</p>;
  if (view.state === 'keying' || (view.state === 'open' && !isMixing(view)))
    return (
      <p key="sealed">
        Nobody can read a name until <Condition trigger={statement.trigger} nameOf={nameGroupsBy(view.context.rolls)} />. If that has not
        happened by <Time at={statement.deadline} detail="day" />, the key is destroyed and nobody ever can.
      </p>
    );
  if (view.state === 'revealed' && view.waves.length > 0)
    return (
      <p key="revealed">
        {`${view.statement.committee.threshold} trustees mixed the names before they opened them together: nobody can tell who signed when, and nobody was first.`}
      </p>
    );
  if (view.state === 'destroyed' || view.state === 'unopened' || view.state === 'unvouched')
    return (
      <p key="ended">
        The deadline was <Time at={statement.deadline} />.
      </p>
    );
  return (
    <p key="other">
      <Words>{describeState(view)}</Words>
    </p>
  );
}
