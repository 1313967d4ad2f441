import { checkAttestedName } from '#lib/protocol/member/name.ts';
import { MAX_DEPTH } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { toNormal } from '#lib/protocol/messages/normal-form.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { tidyName } from '#lib/protocol/messages/visible-text.ts';
import { type Cell, type CsvRow, endOfLine, readCsvRow, SEPARATING } from './csv.ts';
import { doubtWords, findUnreadParts } from './doubt-columns.ts';
import { doubtName, doubtOrder, isCalledNames } from './doubt-name.ts';
import { type Double, findRepetitions, findStanding } from './find-doubles.ts';
import { areHeadings, findLayout, isAddress, isEmptyRow, type Layout, type LayoutFault } from './roster-columns.ts';

/** The most members that one group can hold. */
export const MOST_ROWS = 2 ** MAX_DEPTH;

/** One person of a roster. `row` counts from 1 as a spreadsheet does, headings included. */
export type RosterRow = { row: number; name: string; email: string; group?: string };

type RowFault =
  | 'BAD_CSV'
  | 'TOO_MANY_CELLS'
  | 'UNQUOTED_SEPARATOR'
  | 'EMPTY_NAME'
  | 'HALF_NAME'
  | 'BAD_NAME'
  | 'NOT_NORMAL'
  | 'BAD_EMAIL'
  | 'MAYBE_HEADINGS'
  | 'NO_GROUP';

/** Something about a row that its issuer should see. Rows with an error are left out; those with a warning are kept. */
export type RosterProblem = {
  row: number;
  severity: 'error' | 'warning';
  code: RowFault | LayoutFault | Double['code'] | 'NO_EMAIL' | 'ODD_NAME' | 'ONE_WORD' | 'UNREAD_PART' | 'TOO_MANY';
  /** A sentence for the issuer. */
  detail: string;
};

export type Roster = {
  rows: RosterRow[];
  problems: RosterProblem[];
  /** Rows that are left out because of an error. */
  leftOut: number;
  /** Rows that are left out because they name another group, by its name. */
  others: ReadonlyMap<string, number>;
  /** Headings of columns that are not read. */
  unread: string[];
  /** First and last names stand in two columns, and are put together with a space between them. */
  isJoined: boolean;
};

export type RosterOptions = {
  /** Puts names right that are stored in an unusual way: they look the same, but the bytes that are attested change. */
  normalise?: boolean;
  /** Takes commas, semicolons and the like outside quotation marks as part of the name, where they do not separate. */
  keepSeparators?: boolean;
  /** The name of the group that is invited to: rows that name another are left out. Without it all are kept. */
  group?: string;
  /** Who stands on the roster of that group already: a row that may be one of them is pointed out. */
  standing?: readonly { name: string; email: string }[];
};

/**
 * Reads a roster in CSV, as `findLayout` finds it laid out: a name (or first and last name), an address, and where there are
 * several groups, a group. A row that could be read in two ways is an error and is left out, and no row takes another with it.
 * What may be meant, though unusual, is left out until the issuer has been asked: see `RosterOptions`.
 */
export function parseRoster(text: string, options: RosterOptions = {}): Roster {
  const found = findLayout(text);
  if (!found.ok) return { ...NOTHING, problems: [{ row: 1, severity: 'error', code: found.code, detail: found.detail ?? found.code }] };
  const layout = found.value;
  const roster: Growing = { rows: [], problems: [], leftOut: 0, others: new Map(), above: '' };
  let row = layout.row;
  for (let at = layout.start; at < text.length; row++) {
    const read = readRowOf(text, at, layout);
    at = read.end;
    if (!isEmptyRow(read)) takeRow(roster, read, row, layout, options);
  }
  if (!layout.hasHeadings) doubtFirstRow(roster, layout.row);
  const problems = [
    ...joinUnaddressed(roster),
    ...doubtWords(roster.rows, layout),
    ...findUnreadParts(text, layout),
    ...findRepetitions(roster.rows, options.group !== undefined),
    ...findStanding(roster.rows, options.standing ?? []),
  ].sort((a, b) => a.row - b.row);
  const { rows, leftOut, others } = roster;
  return { rows, problems, leftOut, others, unread: layout.unread, isJoined: layout.columns.names.length > 1 };
}

const NOTHING: Omit<Roster, 'problems'> = { rows: [], leftOut: 0, others: new Map(), unread: [], isJoined: false };

/** `above`: the group that a row has named last. */
type Growing = { rows: RosterRow[]; problems: RosterProblem[]; leftOut: number; others: Map<string, number>; above: string };

/** A line end in a cell that is read is a quotation mark that was never closed, more likely than not: the next line counts for itself. */
function readRowOf(text: string, at: number, { separator, columns }: Layout): CsvRow {
  const row = readCsvRow(text, at, separator);
  const read = [...columns.names, columns.email, columns.group];
  return row.cells?.some((cell, i) => read.includes(i) && /[\r\n]/.test(cell.text)) ? { cells: null, end: endOfLine(text, at) } : row;
}

function takeRow(roster: Growing, { cells }: CsvRow, row: number, layout: Layout, options: RosterOptions): void {
  const group = toNormal(cells?.[layout.columns.group]?.text ?? '');
  const isOther = (name: string) => options.group !== undefined && name !== '' && foldGroup(name) !== foldGroup(options.group);
  if (cells && isOther(group)) {
    roster.above = group;
    roster.others.set(group, (roster.others.get(group) ?? 0) + 1);
    return;
  }
  if (group !== '') roster.above = group;
  if (roster.rows.length === MOST_ROWS) {
    if (roster.problems.at(-1)?.code !== 'TOO_MANY') roster.problems.push({ row, severity: 'error', code: 'TOO_MANY', detail: TOO_MANY });
    roster.leftOut += 1;
    return;
  }
  const isMerged = layout.hasHeadings && isOther(roster.above);
  const person = isMerged && cells ? refuse('NO_GROUP' as const, describeMerged(roster.above)) : readPerson(cells, layout, options);
  if (!person.ok) {
    roster.problems.push({ row, severity: 'error', code: person.code, detail: person.detail ?? person.code });
    roster.leftOut += 1;
    return;
  }
  const warn = (code: 'NO_EMAIL' | 'NO_GROUP' | 'ODD_NAME', detail: string) =>
    roster.problems.push({ row, severity: 'warning', code, detail });
  const doubt =
    (areHeadings(cells, layout) ? 'is what columns are called, as where lists were put together' : null) ??
    doubtOrder(layout.columns.names.map((column) => cells?.[column]?.text ?? '')) ??
    doubtName(person.value.name);
  if (doubt !== null) warn('ODD_NAME', `${quote(person.value.name)} ${doubt}. It will be attested as it stands here.`);
  if (person.value.email === '') warn('NO_EMAIL', 'No address: hand this invitation over yourself.');
  if (options.group !== undefined && layout.hasHeadings && layout.columns.group !== -1 && group === '')
    warn('NO_GROUP', 'No group is named here.');
  roster.rows.push({ row, ...person.value, ...(group === '' ? {} : { group }) });
}

const TOO_MANY = `A group holds at most ${MOST_ROWS} members; make several groups. This row and those after it are left out.`;

/** Spreadsheets write a cell that reaches over several rows in the first of them only. */
function describeMerged(above: string): string {
  return `No group is named here, and the last one named above is ${quote(above)}. Name the group in each row.`;
}

function foldGroup(name: string): string {
  return toNormal(name).toLowerCase().replace(/\s+/g, ' ').trim();
}

function readPerson(
  cells: readonly Cell[] | null,
  layout: Layout,
  options: RosterOptions,
): Checked<{ name: string; email: string }, RowFault> {
  if (!cells)
    return refuse(
      'BAD_CSV',
      'The quotation marks do not pair up on this line. A name or an address holds no line break; write each quotation mark that belongs to a name twice, and the name in quotation marks.',
    );
  const homeless = cells.find(({ text }, i) => text !== '' && !layout.headed[i]);
  if (homeless && cells.indexOf(homeless) < layout.headed.length) return refuse('TOO_MANY_CELLS', `${quote(homeless.text)} ${HOMELESS}`);
  if (homeless)
    return refuse(
      'TOO_MANY_CELLS',
      'This row has more cells than there are columns. A name that holds the separator needs quotation marks.',
    );
  const parts = layout.columns.names.map((column) => cells[column] ?? { text: '', isQuoted: false });
  const name = readName(parts, layout, options);
  if (!name.ok) return name;
  const email = cells[layout.columns.email]?.text ?? '';
  if (email !== '' && !isAddress(email))
    return refuse(
      'BAD_EMAIL',
      `${quote(email)} stands where the address should, and is none. ${/[@＠]/.test(email) ? ONE_ADDRESS : NO_ADDRESS}`,
    );
  return accept({ name: name.value, email });
}

const HOMELESS =
  'stands in a column without a heading. Give that column one, or delete it. If a name holds the separator, it needs quotation marks.';
const ONE_ADDRESS = 'Leave one address there, and nothing else.';
const NO_ADDRESS = 'If it belongs to the name, the name needs quotation marks.';

/** What separates is no part of a name at its edge, whatever is allowed within it. */
const LOOSE_SEPARATOR = new RegExp(`^${SEPARATING.source}|${SEPARATING.source}$`);

function readName(parts: readonly Cell[], layout: Layout, { normalise, keepSeparators }: RosterOptions): Checked<string, RowFault> {
  const given = parts
    .map(({ text }) => text)
    .join(' ')
    .trim();
  if (given === '') return refuse('EMPTY_NAME', 'There is no name in this row.');
  if (parts.some(({ text }) => text === ''))
    return refuse('HALF_NAME', 'First and last name stand in two columns, and one of them is empty here.');
  if (!keepSeparators && parts.some(({ text, isQuoted }) => !isQuoted && SEPARATING.test(text)))
    return refuse(
      'UNQUOTED_SEPARATOR',
      `${quote(given)} holds a comma or the like outside quotation marks${layout.isStated ? '' : ', and no heading says what separates the columns'}.`,
    );
  if (parts.some(({ text, isQuoted }) => !isQuoted && LOOSE_SEPARATOR.test(text)))
    return refuse('UNQUOTED_SEPARATOR', `${quote(given)} begins or ends with a comma or the like, behind which a cell is empty.`);
  if (/\S@\S/.test(given))
    return refuse(
      'BAD_NAME',
      `${quote(given)} stands where the name should, and holds an address. Name and address are two cells: name,email`,
    );
  const name = normalise ? tidyName(given) : given;
  const checked = checkAttestedName(name);
  if (checked.ok) return checked;
  if (checkAttestedName(tidyName(name)).ok)
    return refuse('NOT_NORMAL', `This name is stored in an unusual way that looks the same (${checked.detail}). It can be put right.`);
  return refuse('BAD_NAME', `This name cannot be attested: ${checked.detail}.`);
}

/** A list without any address says so once, and not in each row, where it would hide the rest. */
function joinUnaddressed({ rows, problems }: Growing): RosterProblem[] {
  const [first, second] = problems.filter(({ code }) => code === 'NO_EMAIL');
  if (!first || !second || rows.some(({ email }) => email !== '')) return problems;
  const detail = 'No row has an address: hand all these invitations over yourself.';
  return [...problems.filter(({ code }) => code !== 'NO_EMAIL'), { ...first, detail }];
}

/** Headings that nobody knows would be read as a person: without an address, above rows that have one, they are not. */
function doubtFirstRow(roster: Growing, row: number): void {
  const [top] = roster.rows;
  const own = roster.problems.find((problem) => problem.row === row && problem.code === 'BAD_EMAIL');
  const isUnaddressed = top?.row === row && top.email === '';
  const isOne = isUnaddressed && (isCalledNames(top.name) || roster.rows.some(({ email }) => email !== ''));
  if (!own && !isOne) return;
  if (isUnaddressed) {
    roster.rows.shift();
    roster.leftOut += 1;
  }
  roster.problems = roster.problems.filter((problem) => problem.row !== row);
  const detail = 'The first row has no address, so it may be headings. Headings must be “name” and “email”.';
  roster.problems.push({ row, severity: 'error', code: 'MAYBE_HEADINGS', detail });
}
