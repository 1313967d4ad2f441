import type { ReactNode } from 'react';
import { Condition } from '#app/ui/condition.tsx';
import { DataTable } from '#app/ui/data-table.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { Time } from '#app/ui/time.tsx';
import { describeCadence, describeDuration } from '#app/ui/time-words.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import css from './revision.module.css';

/** What is signed beside the text: every member of a statement but these. */
type TermName = Exclude<keyof Statement, 'version' | 'nonce' | 'text' | 'revises'>;
interface Term {
  words: string;
  show: (context: StatementContext) => ReactNode;
  /** Of a number of seconds, of which the words leave some out: how a larger and a smaller one are told. */
  seconds?: readonly [more: string, less: string];
}

const MOMENT = ['later', 'earlier'] as const;
const LENGTH = ['longer', 'shorter'] as const;

/** In the order in which a reader asks for them. */
const TERMS: Record<TermName, Term> = {
  trigger: {
    words: 'The names open once',
    show: ({ statement, rolls }) => <Condition trigger={statement.trigger} nameOf={nameGroupsBy(rolls)} />,
  },
  together: { words: 'Names of a group that open at a time', show: ({ statement }) => `${statement.together} or more` },
  rolls: { words: 'Who may sign', show: ({ rolls }) => <Rolls rolls={[...rolls.values()]} /> },
  committee: { words: 'Trustees', show: ({ statement }) => <Committee {...statement.committee} /> },
  deadline: { words: 'Deadline', show: ({ statement }) => <Time at={statement.deadline} />, seconds: MOMENT },
  grace: { words: 'From the deadline to the destruction', show: lasts('grace'), seconds: LENGTH },
  cadence: { words: 'How signatures appear', show: ({ statement }) => describeCadence(statement.cadence), seconds: LENGTH },
  openBy: { words: 'The key is made by', show: ({ statement }) => <Time at={statement.openBy} />, seconds: MOMENT },
  mergeDelay: { words: 'An accepted signature is on the board within', show: lasts('mergeDelay'), seconds: LENGTH },
  clockSkew: { words: 'Clocks may differ by', show: lasts('clockSkew'), seconds: LENGTH },
  stepTime: { words: 'Time for each step of a mix', show: lasts('stepTime'), seconds: LENGTH },
  platform: { words: 'The site that keeps it', show: keyOf('platform', 'Key of the site') },
  verificationKey: { words: 'Proofs are checked with', show: keyOf('verificationKey', 'Hash of the verification key') },
  setup: { words: 'Made by the ceremony', show: keyOf('setup', 'Hash of the ceremony’s summary') },
};

/** Which terms of the two differ, each as it is in either; all of them are signed. */
export function ChangedTerms({ older, newer }: { older: StatementContext; newer: StatementContext }) {
  const names = Object.keys(TERMS) as TermName[];
  const changed = names.filter((name) => canonicalJson(older.statement[name]) !== canonicalJson(newer.statement[name]));
  if (changed.length === 0) return <p key="same">Terms: the same.</p>;
  const cell = (name: TermName, context: StatementContext) => <span>{TERMS[name].show(context)}</span>;
  return (
    <div key="changed">
      <h3>Terms</h3>
      <DataTable<TermName>
        caption="The terms that differ"
        captionHidden
        rows={changed}
        rowKey={(name) => name}
        columns={[
          { heading: 'Term', cell: (name) => TERMS[name].words },
          { heading: 'The earlier one', cell: (name) => cell(name, older) },
          {
            heading: 'This one',
            cell: (name) => (
              <>
                {cell(name, newer)}
                <span>{noteSmall(name, older.statement, newer.statement)}</span>
              </>
            ),
          },
        ]}
      />
      {changed.length < names.length && <p>The other terms are the same.</p>}
    </div>
  );
}

/** By how much two times differ that may read the same in words of minutes, hours and days. */
function noteSmall(name: TermName, older: Statement, newer: Statement): string {
  const [before, now] = [older[name], newer[name]];
  const words = TERMS[name].seconds;
  if (!words || typeof before !== 'number' || typeof now !== 'number' || Math.abs(now - before) >= 3600) return '';
  return ` (${describeDuration(Math.abs(now - before))} ${words[now > before ? 0 : 1]})`;
}

function lasts(name: 'grace' | 'mergeDelay' | 'clockSkew' | 'stepTime'): Term['show'] {
  return ({ statement }) => describeDuration(statement[name]);
}

function keyOf(name: 'platform' | 'verificationKey' | 'setup', whose: string): Term['show'] {
  return ({ statement }) => <KeyFingerprint hex={statement[name]} whose={whose} short />;
}

function Rolls({ rolls }: { rolls: readonly RollHeader[] }) {
  return rolls.map(({ group, number, size, root }) => (
    <span key={root} className={css.line}>
      <PersonName name={group.name} />
      <span>{`, roll ${number} with ${size} members, issuer `}</span>
      <KeyFingerprint hex={group.issuer} whose="Issuer’s key" short />
    </span>
  ));
}

function Committee({ threshold, trustees }: Statement['committee']) {
  return (
    <>
      <span className={css.line}>{`${threshold} of these ${trustees.length}:`}</span>
      {trustees.map(({ name, contact, key }) => (
        <span key={key} className={css.line}>
          <PersonName name={name} />, <PersonName name={contact} />, <KeyFingerprint hex={key} whose="Key of the trustee" short />
        </span>
      ))}
    </>
  );
}
