import Link from 'next/link';
import { Time } from '#app/ui/time.tsx';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { describeTrigger } from '#lib/signing/trigger-words.ts';
import { describeState, isOpening, isStranded, nameGroup } from './present-statement.ts';

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
  if (view.state === 'keying' || (view.state === 'open' && !isOpening(view)))
    return (
      <p key="sealed">
        Nobody can read a name until {describeTrigger(statement.trigger, (group) => `“${nameGroup(view, group)}”`)}. If that has not
        happened by <Time at={statement.deadline} detail="day" />, the key is destroyed and nobody ever can.
      </p>
    );
  const [first] = view.waves;
  if (view.state === 'revealed' && first)
    return (
      <p key="revealed">
        Enough had signed on <Time at={first.time} detail="day" />. The names came out together, and nobody was first.
      </p>
    );
  if (view.state === 'destroyed' || view.state === 'unopened')
    return (
      <p key="ended">
        The deadline was <Time at={statement.deadline} />.
      </p>
    );
  return <p key="other">{describeState(view)}</p>;
}
