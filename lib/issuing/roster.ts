import Papa from 'papaparse';
import { checkAttestedName } from '#lib/protocol/member/name.ts';
import { MAX_DEPTH } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { lookOf, tidyName } from '#lib/protocol/messages/visible-text.ts';

/** The most members that one group can hold. */
export const MOST_ROWS = 2 ** MAX_DEPTH;

/** One person of a roster. `row` counts from 1 as a spreadsheet does, headings included. */
export type RosterRow = { row: number; name: string; email: string; group?: string };

/** Something about a row that its issuer should see. Rows with an error are left out; those with a warning are kept. */
export type RosterProblem = {
  row: number;
  severity: 'error' | 'warning';
  code:
    | 'EMPTY_NAME'
    | 'BAD_NAME'
    | 'NOT_NORMAL'
    | 'BAD_EMAIL'
    | 'NO_EMAIL'
    | 'SAME_NAME'
    | 'SAME_EMAIL'
    | 'BAD_CSV'
    | 'MAYBE_HEADINGS'
    | 'TOO_MANY';
  /** A sentence for the issuer. */
  detail: string;
};

export type Roster = { rows: RosterRow[]; problems: RosterProblem[] };

type Columns = { name: number; email: number; group: number };

/** The text of a roster file; refused when it is not UTF-8, because a guessed encoding would attest garbled names. */
export function decodeRoster(bytes: Uint8Array): Checked<string, 'NOT_UTF8'> {
  try {
    return accept(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refuse('NOT_UTF8', 'This file is not UTF-8. In the spreadsheet, choose “CSV UTF-8” when you save it.');
  }
}

/**
 * Reads a roster in CSV: columns name, email and, where there are several groups, group; separated by comma, semicolon or
 * tab. Headings are optional; with them the columns may stand in any order and others are ignored. Spaces round a cell are
 * dropped. A name that is not in Unicode normal form C, or holds odd spaces or characters that nobody sees, is an error that
 * `normalise` puts right: it looks the same, but the bytes that are attested change, so the issuer is asked first.
 */
export function parseRoster(text: string, options: { normalise?: boolean } = {}): Roster {
  const parsed = Papa.parse<string[]>(text, { skipEmptyLines: false, delimitersToGuess: [',', ';', '\t'] });
  const problems: RosterProblem[] = parsed.errors
    .filter((error) => error.type === 'Quotes')
    .map((error) => ({
      row: (error.row ?? 0) + 1,
      severity: 'error',
      code: 'BAD_CSV',
      detail: 'A quotation mark is opened and not closed.',
    }));
  const cells = parsed.data.map((row) => row.map((cell) => cell.trim()));
  const { columns, first } = findColumns(cells);
  const rows: RosterRow[] = [];
  for (let i = first; i < cells.length; i++) {
    const cell = cells[i] as string[];
    if (cell.every((value) => value === '')) continue;
    if (rows.length === MOST_ROWS) {
      problems.push({
        row: i + 1,
        severity: 'error',
        code: 'TOO_MANY',
        detail: `A group holds at most ${MOST_ROWS} members; make several groups.`,
      });
      break;
    }
    const row = readRow(cell, columns, i + 1, options.normalise ?? false, problems);
    if (row) rows.push(row);
  }
  if (first === 0) warnOfHeadings(rows, problems);
  return { rows, problems: [...problems, ...findRepetitions(rows)].sort((a, b) => a.row - b.row) };
}

function findColumns(cells: readonly string[][]): { columns: Columns; first: number } {
  const headings = (cells[0] ?? []).map((cell) => cell.toLowerCase());
  const at = (...names: string[]) => headings.findIndex((heading) => names.includes(heading));
  if (at('name') === -1) return { columns: { name: 0, email: 1, group: 2 }, first: 0 };
  return { columns: { name: at('name'), email: at('email', 'e-mail', 'mail'), group: at('group') }, first: 1 };
}

function readRow(cell: readonly string[], columns: Columns, row: number, normalise: boolean, problems: RosterProblem[]): RosterRow | null {
  const problem = (severity: RosterProblem['severity'], code: RosterProblem['code'], detail: string) =>
    problems.push({ row, severity, code, detail });
  const given = cell[columns.name] ?? '';
  const name = normalise ? tidyName(given) : given;
  if (name === '') {
    problem('error', 'EMPTY_NAME', 'There is no name in this row.');
    return null;
  }
  const checked = checkAttestedName(name);
  if (!checked.ok) {
    const onlySpelling = checkAttestedName(tidyName(name)).ok;
    if (onlySpelling)
      problem('error', 'NOT_NORMAL', `This name is stored in an unusual way that looks the same (${checked.detail}). It can be put right.`);
    else problem('error', 'BAD_NAME', `This name cannot be attested: ${checked.detail}.`);
    return null;
  }
  const email = cell[columns.email] ?? '';
  if (email === '') problem('warning', 'NO_EMAIL', 'No address: hand this invitation over yourself.');
  else if (!/^[^\s@]+@[^\s@]+$/.test(email)) problem('warning', 'BAD_EMAIL', `“${email}” does not look like an address.`);
  const group = (cell[columns.group] ?? '').normalize('NFC');
  return { row, name, email, ...(group === '' ? {} : { group }) };
}

function warnOfHeadings(rows: readonly RosterRow[], problems: RosterProblem[]): void {
  const [top, ...rest] = rows;
  if (!top || top.email.includes('@') || !rest.some((row) => row.email.includes('@'))) return;
  problems.push({
    row: top.row,
    severity: 'warning',
    code: 'MAYBE_HEADINGS',
    detail: `“${top.name}” was read as a person. Headings must be “name” and “email”.`,
  });
}

function findRepetitions(rows: readonly RosterRow[]): RosterProblem[] {
  const seen = new Map<string, number>();
  const found: RosterProblem[] = [];
  const look = (row: RosterRow, key: string, code: 'SAME_NAME' | 'SAME_EMAIL', what: string) => {
    const before = seen.get(key);
    if (before === undefined) seen.set(key, row.row);
    else
      found.push({
        row: row.row,
        severity: 'warning',
        code,
        detail: `${what} stands in row ${before} too. Make sure that these are two people.`,
      });
  };
  for (const row of rows) {
    look(row, `name ${row.group ?? ''}\0${lookOf(row.name)}`, 'SAME_NAME', 'This name');
    if (row.email !== '') look(row, `email ${row.group ?? ''}\0${row.email.toLowerCase()}`, 'SAME_EMAIL', 'This address');
  }
  return found;
}
