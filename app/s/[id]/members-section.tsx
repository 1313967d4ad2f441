import Link from 'next/link';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { Words } from '#app/ui/words.tsx';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { StatementView } from '#lib/server/statements/get-view.ts';
import { canSign, countGroups } from './present-statement.ts';
import css from './statement.module.css';

/** Whose members may sign, and how many of each group are left: who is not among those who signed can be told when they are few. */
export function MembersSection({ view }: { view: StatementView }) {
  const counts = view.state !== 'keying' && view.state !== 'aborted';
  return (
    <Section title="Who may sign">
      <ul className={css.groups}>
        {countGroups(view).map((group) => (
          <li key={group.id}>
            <Link href={`/groups/${group.id}`} prefetch={false}>
              <PersonName name={group.name} />
            </Link>
            <span className={css.quiet}>{`${groupDigits(group.size)} members, roll ${group.roll}`}</span>
            {counts && (
              <span>
                {`${groupDigits(group.signed)} signed, ${groupDigits(group.left)} ${canSign(view) ? 'have not so far' : 'did not'}`}
              </span>
            )}
            {group.warnings.map((warning) =>
              warning.loud ? (
                <Notice key={warning.text} kind="warning" title={warning.text} />
              ) : (
                <span key={warning.text} className={css.quiet}>
                  <Words>{warning.text}</Words>
                </span>
              ),
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
