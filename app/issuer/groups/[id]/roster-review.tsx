import { countOf } from '#app/issuer/count-words.ts';
import { DataTable } from '#app/ui/data-table.tsx';
import { Checkbox } from '#app/ui/field.tsx';
import { LongList } from '#app/ui/long-list.tsx';
import type { Roster, RosterProblem } from '#lib/issuing/roster.ts';

const MOST_SHOWN = 50;

interface RosterReviewProps {
  roster: Roster;
  /** How many of its rows would add somebody. */
  added: number;
  normalise: boolean;
  onNormalise: (normalise: boolean) => void;
}

/** What was understood of a roster, and every row that needs a second look. */
export function RosterReview({ roster, added, normalise, onNormalise }: RosterReviewProps) {
  const { problems, rows } = roster;
  const oddNames = problems.filter((problem) => problem.code === 'NOT_NORMAL').length;
  const leftOut = new Set(problems.filter((problem) => problem.severity === 'error').map((problem) => problem.row)).size;
  const known = rows.length - added;
  return (
    <>
      <p role="status">
        <strong>{countOf(added, 'person', 'people')} to invite.</strong>{' '}
        {known > 0 && `${countOf(known, 'is', 'are')} on the roster already. `}
        {leftOut > 0 && `${countOf(leftOut, 'row is', 'rows are')} left out.`}
      </p>
      {(oddNames > 0 || normalise) && (
        <Checkbox
          label="Put unusually stored names right"
          hint="Odd accents and spaces, and characters that nobody sees: the names look the same, and only the usual form can be attested."
          checked={normalise}
          onChange={(event) => onNormalise(event.target.checked)}
        />
      )}
      {problems.length > 0 && (
        <LongList items={problems} textOf={rowAndProblem} find="Find a row or problem" one="problem" many="problems" size={MOST_SHOWN}>
          {(shown) => (
            <DataTable
              caption="Rows to look at"
              rows={shown}
              rowKey={(problem) => `${problem.row} ${problem.code}`}
              columns={[
                { heading: 'Row', cell: (problem) => `Row ${problem.row}` },
                { heading: 'What is the matter', cell: (problem) => problem.detail },
                { heading: 'What happens', cell: (problem) => (problem.severity === 'error' ? 'Left out' : 'Invited all the same') },
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
