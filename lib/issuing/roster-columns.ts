import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { toNormal } from '#lib/protocol/messages/normal-form.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { holdsControl } from '#lib/protocol/messages/shape.ts';
import { findDeceptive } from '#lib/protocol/messages/visible-text.ts';
import { type Cell, type CsvRow, endOfLine, readCsvRow, SEPARATORS, type Separator } from './csv.ts';

/** Which cells of a row are read. `names`: one for the whole name, or two, first and last. -1 where there is no such column. */
export type Columns = { names: number[]; email: number; group: number };

/** How a roster is laid out. */
export type Layout = {
  /** null where each row is a single cell. */
  separator: Separator | null;
  /** Whether a line of headings, or `sep=`, says so. Otherwise the addresses do. */
  isStated: boolean;
  columns: Columns;
  /** Which columns there are: a cell in any other one has no place. */
  headed: boolean[];
  /** Headings of the columns that are left unread. */
  unread: string[];
  /** Those among them that hold a part of the name, more likely than not. */
  parts: number[];
  hasHeadings: boolean;
  /** Where the rows of people begin, and the number of the first. */
  start: number;
  row: number;
};

export type LayoutFault = 'UNCLEAR_SEPARATOR' | 'UNCLEAR_COLUMNS' | 'NO_NAME_COLUMN';

const HEADINGS = new Map(
  Object.entries({
    name: 'name',
    'full name': 'name',
    fullname: 'name',
    'first name': 'first',
    firstname: 'first',
    'given name': 'first',
    forename: 'first',
    'last name': 'last',
    lastname: 'last',
    'family name': 'last',
    surname: 'last',
    email: 'email',
    'e mail': 'email',
    mail: 'email',
    'email address': 'email',
    'e mail address': 'email',
    group: 'group',
  }),
);

/** Headings of one part of a name, in the languages where another column may then be called “name”: it holds the other part alone. */
const PARTS = new Set([
  ...['first', 'last', 'first names', 'forenames', 'given names', 'christian name', 'middle', 'middle name', 'initials'],
  ...['vorname', 'vornamen', 'rufname', 'nachname', 'familienname', 'zuname', 'prénom', 'prenom', 'prénoms', 'voornaam', 'achternaam'],
  ...['förnamn', 'efternamn', 'fornavn', 'etternavn', 'efternavn'],
]);

/** Parts of a name for which there is no column here: what is in them is not attested. */
const FURTHER_PART =
  /(?:first|last|given|family|fore|sur) ?names?|^(?:middle|second|third|additional|other|maiden|birth|married)( .*)? names?$|^(?:m i|mi|middle|initials?|middle initials?)$|(?:^|name |individual |honorific )(?:prefix|suffix|infix)$|^(?:particle|patronymic|tussenvoegsels?|voorvoegsels?|namenszusatz|отчество)$/u;

/** Whether a text is one address and nothing else, which goes where it seems to go. */
export function isAddress(text: string): boolean {
  const isPlain = /^(?!['‘’“”„«»]|.*\.\.)[^\s@,;:|"<>()[\]\\]+@[\p{L}\p{N}](?:[^\s@,;:|"<>()[\]\\'‘’“”„«»]*[\p{L}\p{N}\p{M}])?$/u.test(
    text,
  );
  return isPlain && text.isWellFormed() && !holdsControl(text) && findDeceptive(text) === null;
}

/**
 * Finds out what separates the cells of a roster and what its columns are. A line `sep=` says it; else the line of headings, which
 * only one separator cuts into known ones; else the addresses, which stand second in their rows. Nothing is taken from an
 * average: where two separators fit, the issuer has to say which. Counts rows as a spreadsheet does, without the `sep=` line.
 */
export function findLayout(text: string): Checked<Layout, LayoutFault> {
  const stated = /^\ufeff?"?sep=(.)"?[ \t]*(?=[\r\n]|$)/i.exec(text);
  const separator = stated && SEPARATORS.find((known) => known === stated[1]);
  if (stated && !separator)
    return refuse('UNCLEAR_SEPARATOR', 'The file says that something else than comma, semicolon, tab or | separates its cells.');
  const top = skipEmptyLines(text, stated ? endOfLine(text, stated[0].length) : text.startsWith('\ufeff') ? 1 : 0);
  const candidates = separator ? [separator] : SEPARATORS;
  const headed = candidates.map((candidate) => readHeadings(text, top.start, candidate)).filter((found) => found !== null);
  if (headed.length > 0) {
    const layout = layOut(headed, top.row, separator ?? null);
    return (layout.ok && findUnreadAddress(text, layout.value)) || layout;
  }
  const misplaced = findMisplacedHeadings(text, top, candidates);
  if (misplaced) return misplaced;
  const fitting = separator ? [separator] : SEPARATORS.filter((candidate) => hasAddresses(text, top.start, candidate));
  if (fitting.length > 1)
    return refuse('UNCLEAR_SEPARATOR', 'Some rows are separated in one way and some in another. Begin with a line of headings: name,email');
  const columns = { names: [0], email: 1, group: 2 };
  return accept({
    separator: fitting[0] ?? null,
    isStated: separator !== undefined && separator !== null,
    columns,
    headed: [true, true, true],
    unread: [],
    parts: [],
    hasHeadings: false,
    ...top,
  });
}

/** Whether the cells for a name hold what such columns are called, as in a file that was put together. */
export function areHeadings(cells: readonly Cell[] | null, { columns }: Layout): boolean {
  const meant = columns.names.length === 1 ? ['name'] : ['first', 'last'];
  return columns.names.every((column, i) => HEADINGS.get(foldHeading(cells?.[column] ?? { text: '', isQuoted: false })) === meant[i]);
}

/** Whether a row holds nothing. */
export function isEmptyRow({ cells }: CsvRow): boolean {
  return cells?.every(({ text }) => text === '') ?? false;
}

function skipEmptyLines(text: string, start: number): { start: number; row: number } {
  let row = 1;
  let at = start;
  for (; at < text.length; row++) {
    const end = endOfLine(text, at);
    if (text.slice(at, end).trim() !== '') break;
    at = end;
  }
  return { start: at, row };
}

type Headed = { separator: Separator; cells: Cell[]; kinds: (string | undefined)[]; end: number };

/** The first row, if this separator cuts it so that a cell is a known heading. A row with an address is no line of headings. */
function readHeadings(text: string, start: number, separator: Separator): Headed | null {
  const { cells, end } = readCsvRow(text, start, separator);
  if (!cells || cells.some((cell) => cell.text.includes('@'))) return null;
  const kinds = cells.map((cell) => HEADINGS.get(foldHeading(cell)));
  return kinds.some((kind) => kind !== undefined) ? { separator, cells, kinds, end } : null;
}

/** Case, marks of a form (“E-Mail:”, “Name *”) and an optional plural (“Vorname(n)”) do not matter. */
function foldHeading({ text }: Cell): string {
  return toNormal(text)
    .toLowerCase()
    .replace(/\(\p{L}{1,2}\)/gu, '')
    .replace(/[\s_:*.-]+/g, ' ')
    .trim();
}

/** Above headings, a title would be read as a person, and columns in an order that nobody meant. No row of a person stands above them. */
function findMisplacedHeadings(
  text: string,
  top: { start: number; row: number },
  candidates: readonly Separator[],
): Checked<Layout, 'UNCLEAR_SEPARATOR' | 'UNCLEAR_COLUMNS'> | null {
  const [first] = readCsvRow(text, top.start, ',').cells ?? [];
  if (first?.isQuoted && SEPARATORS.some((inner) => isHeaded(readHeadings(first.text, 0, inner))))
    return refuse('UNCLEAR_SEPARATOR', 'Whole lines stand in quotation marks here. Only single cells may: "Lee, Ann",ann@example.org');
  for (const separator of candidates) {
    let { start, row } = top;
    for (; start < text.length; row++) {
      const { cells, end } = readCsvRow(text, start, separator);
      if (cells?.some((cell) => cell.text.includes('@'))) break;
      if (isHeaded(readHeadings(text, start, separator)))
        return refuse('UNCLEAR_COLUMNS', `Row ${row} looks like the headings, and other rows stand above it. Delete those.`);
      start = end;
    }
  }
  return null;
}

function isHeaded(headings: Headed | null): boolean {
  return (headings?.kinds.filter((kind) => kind !== undefined).length ?? 0) > 1;
}

function layOut(headed: readonly Headed[], row: number, stated: Separator | null): Checked<Layout, LayoutFault> {
  const known = ({ kinds }: Headed) => kinds.filter((kind) => kind !== undefined).length;
  const most = headed.reduce((found, one) => Math.max(found, known(one)), 0);
  const [best, other] = headed.filter((found) => known(found) === most) as [Headed, Headed?];
  const isSingle = best.cells.length === 1; // a file of one column has no separator
  if (other && !isSingle) return refuse('UNCLEAR_SEPARATOR', 'Two separators fit the line of headings. Write it with one: name,email');
  const columns = findColumns(best);
  if (!columns.ok) return columns;
  const read = new Set([...columns.value.names, columns.value.email, columns.value.group]);
  const unread = best.cells.filter(({ text }, i) => text !== '' && !read.has(i)).map(({ text }) => text);
  const separator = isSingle ? stated : best.separator;
  const headings = best.cells.map(({ text }) => text !== '');
  return accept({
    separator,
    isStated: true,
    columns: columns.value,
    headed: headings,
    unread,
    parts: best.cells.flatMap((cell, i) => (!read.has(i) && FURTHER_PART.test(foldHeading(cell)) ? [i] : [])),
    hasHeadings: true,
    start: best.end,
    row: row + 1,
  });
}

function findColumns({ cells, kinds }: Headed): Checked<Columns, 'NO_NAME_COLUMN' | 'UNCLEAR_COLUMNS'> {
  const listed = `The headings are ${cells.map(({ text }) => quote(text)).join(', ')}.`;
  const at = (kind: string) => kinds.indexOf(kind);
  for (const kind of ['name', 'first', 'last', 'email', 'group'])
    if (at(kind) !== kinds.lastIndexOf(kind)) return refuse('UNCLEAR_COLUMNS', `Two columns mean the same. ${listed}`);
  const parts = [at('first'), at('last')];
  const rest = { email: at('email'), group: at('group') };
  if (at('name') === -1)
    return parts.includes(-1)
      ? refuse(
          'NO_NAME_COLUMN',
          `No column holds the whole name, and no two columns the first and the last. ${listed} Call the column of names “name”.`,
        )
      : accept({ names: parts, ...rest });
  const isWhole = parts.every((part) => part === -1) && !cells.some((cell) => PARTS.has(foldHeading(cell)));
  if (isWhole) return accept({ names: [at('name')], ...rest });
  return refuse(
    'UNCLEAR_COLUMNS',
    `It is not clear which column holds the whole name. ${listed} Leave only one called “name”, or “first name” and “last name”.`,
  );
}

/** Invitations would go to nobody: a column of addresses that has a heading of its own, where no other is called “email”. */
function findUnreadAddress(text: string, { separator, columns, headed, start }: Layout): Checked<Layout, 'UNCLEAR_COLUMNS'> | null {
  if (columns.email !== -1 || headed.length === 1) return null;
  for (let at = start; at < text.length; ) {
    const { cells, end } = readCsvRow(text, at, separator);
    const address = cells?.find((cell, i) => !columns.names.includes(i) && isAddress(cell.text));
    if (address)
      return refuse('UNCLEAR_COLUMNS', `No column is called “email”, and one holds ${quote(address.text)}. Call that one “email”.`);
    at = end;
  }
  return null;
}

/** Whether this separator puts an address into the second cell of any row. */
function hasAddresses(text: string, start: number, separator: Separator): boolean {
  for (let at = start; at < text.length; ) {
    const { cells, end } = readCsvRow(text, at, separator);
    if (cells?.[1] && isAddress(cells[1].text)) return true;
    at = end;
  }
  return false;
}
