'use client';

import Link from 'next/link';
import { Condition } from '#app/ui/condition.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Markdown } from '#app/ui/markdown.tsx';
import { NamesInLine, PersonName } from '#app/ui/person-name.tsx';
import { Time } from '#app/ui/time.tsx';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { FurtherTexts } from '../further-texts.tsx';
import css from './sign.module.css';

/** The statement as this device has checked it, and what was checked. */
export function CheckedText({ loaded }: { loaded: LoadedStatement }) {
  const { context, key } = loaded;
  const { statement, rolls } = context;
  const [text, ...translations] = statement.text;
  const { threshold, trustees } = statement.committee;
  return (
    <div className={css.checked}>
      <article className={css.paper}>
        <h2 lang={text?.language}>
          <PersonName name={text?.title ?? ''} />
        </h2>
        <Markdown text={text?.body ?? ''} lang={text?.language} />
        <FurtherTexts texts={translations} isOpen />
      </article>
      {loaded.state === 'revealed' ? (
        <p key="open">
          This site says that names are open. The condition was that <Condition trigger={statement.trigger} nameOf={nameGroupsBy(rolls)} />.
          Whoever signs until <Time at={statement.deadline} /> is named <span>{`${describeCompany(statement.together)}, or never.`}</span>
        </p>
      ) : (
        <p key="sealed">
          Nobody can read your name until <Condition trigger={statement.trigger} nameOf={nameGroupsBy(rolls)} />. If that has not happened
          by <Time at={statement.deadline} />, the trustees destroy the key and nobody ever can.
        </p>
      )}
      {statement.revises && (
        <p>
          It claims to revise <Link href={`/s/${statement.revises}`}>another statement</Link>. Nothing shows that both have one author, and
          a signature of the one does not count for the other.
        </p>
      )}
      <details className={css.details}>
        <summary>What your browser has checked</summary>
        <ul>
          <li>
            The text, the condition, the times, the groups and the trustees have the hash that the address names:{' '}
            <KeyFingerprint hex={context.id} whose="Hash of the statement" />
          </li>
          <li>
            {`${rolls.size === 1 ? 'The roll of members' : `Each of the ${rolls.size} rolls of members`} is signed by its issuer and frozen into the statement.`}
          </li>
          {key.status === 'keyed' && (
            <li>
              <span>{`All ${trustees.length} trustees signed the making of the key: `}</span>
              <NamesInLine names={trustees.map((trustee) => trustee.name)} />
              <span>{`. Any ${threshold} of them can open seals.`}</span>
            </li>
          )}
          <li>The proving key is one that came with this program.</li>
          <li>
            The shares of the key are to be destroyed by <Time at={destructionTime(statement)} />.
          </li>
        </ul>
      </details>
    </div>
  );
}

/** With whom names come out after the first. */
function describeCompany(together: number): string {
  return together === 1 ? 'as soon as the trustees have opened that name' : `once ${together} or more of a group can be named with it`;
}
