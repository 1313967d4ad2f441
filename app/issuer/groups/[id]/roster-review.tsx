import { DataTable } from '#app/ui/data-table.tsx';
import { Checkbox } from '#app/ui/field.tsx';
import { LongList } from '#app/ui/long-list.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { Words } from '#app/ui/words.tsx';
import { describeOtherGroups } from '#lib/issuing/describe-roster.ts';
import type { Roster, RosterProblem, RosterRow } from '#lib/issuing/roster.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';

const MOST_SHOWN = 50;

/** What the issuer has allowed, once asked: see `RosterOptions`. */
export type Consent = { normalise: boolean; keepSeparators: boolean };
export const NO_CONSENT: Consent = { normalise: false, keepSeparators: false };

interface RosterReviewProps {
  roster: Roster;
  /** Those of its rows that would add somebody. */
  added: readonly RosterRow[];
  consent: Consent;
  onConsent: (consent: Consent) => void;
}

/** What was understood of a roster: every row that needs a second look, and every name as it will be attested. */
export function RosterReview({ roster, added, consent, onConsent }: RosterReviewProps) {
  const { problems } = roster;
  const known = roster.rows.length - added.length;
  const hasCode = (code: RosterProblem['code']) => problems.some((problem) => problem.code === code);
  return (
    <>
      <p role="status">
        <strong>{`${countOf(added.length, 'person', 'people')} to invite.`}</strong>{' '}
        <span>{known > 0 && `${countOf(known, 'is', 'are')} on the roster already. `}</span>
        <span>
          {roster.leftOut > 0 && `${countOf(roster.leftOut, 'row is', 'rows are')} left out because something is the matter with them. `}
        </span>
        <span>
          <Words>{describeOtherGroups(roster.others)}</Words>
        </span>
      </p>
      {roster.unread.length > 0 && (
        <p>
          <span>
            {`Not read, because only names, addresses and groups are: ${roster.unread.length === 1 ? 'the column ' : 'the columns '}`}
          </span>
          <span translate="no">
            {roster.unread.map((heading) => (
              <bdi translate="no" key={heading}>
                {`${quote(heading)} `}
              </bdi>
            ))}
          </span>
        </p>
      )}
      {roster.isJoined && <p>First and last name stand in two columns. They are attested together, in this order.</p>}
      {(hasCode('NOT_NORMAL') || consent.normalise) && (
        <Checkbox
          label="Put unusually stored names right"
          hint="Odd accents and spaces, and characters that nobody sees: the names look the same, and only the usual form can be attested."
          checked={consent.normalise}
          onChange={(event) => onConsent({ ...consent, normalise: event.target.checked })}
        />
      )}
      {(hasCode('UNQUOTED_SEPARATOR') || consent.keepSeparators) && (
        <Checkbox
          label="Commas and the like outside quotation marks belong to the names"
          hint="As in “Smith, John” or “Jane Doe, Senator”. Look through the names below afterwards."
          checked={consent.keepSeparators}
          onChange={(event) => onConsent({ ...consent, keepSeparators: event.target.checked })}
        />
      )}
      {problems.length > 0 && (
        <LongList items={problems} textOf={rowAndProblem} find="Find a row or problem" one="problem" many="problems" size={MOST_SHOWN}>
          {(shown) => (
            <DataTable
              caption="Rows to look at"
              rows={shown}
              rowKey={({ row, code, detail }) => `${row} ${code} ${detail}`}
              columns={[
                { heading: 'Row', cell: (problem) => `Row ${problem.row}` },
                { heading: 'What is the matter', cell: (problem) => <Words>{problem.detail}</Words> },
                { heading: 'What happens', cell: (problem) => (problem.severity === 'error' ? 'Left out' : 'Invited all the same') },
              ]}
            />
          )}
        </LongList>
      )}
      {added.length > 0 && (
        <LongList items={added} textOf={nameAndAddress} find="Find a name or address" one="person" many="people" size={MOST_SHOWN}>
          {(shown) => (
            <DataTable
              caption="What the public will read, exactly as it stands here"
              rows={shown}
              rowKey={({ row }) => String(row)}
              columns={[
                { heading: 'Name', cell: ({ name }) => <PersonName name={name} /> },
                { heading: 'Address', cell: ({ email }) => email || '—' },
                { heading: 'Row', cell: ({ row }) => `Row ${row}` },
              ]}
            />
          )}
        </LongList>
      )}
    </>
  );
}

function rowAndProblem({ row, detail }: RosterProblem): string {
  return `row ${row} ${detail}`;
}

function nameAndAddress({ name, email }: RosterRow): string {
  return `${name} ${email}`;
}
