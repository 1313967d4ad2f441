// Comma-separated values (RFC 4180), read strictly: a row that does not say where its cells end is no row, and costs no other one

/** What may stand between cells, in files that spreadsheets write. */
export const SEPARATORS = [',', ';', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** `isQuoted`: it stood in quotation marks, so that whatever is in it belongs to it. Spaces round a cell are dropped. */
export type Cell = { text: string; isQuoted: boolean };

/** `cells` is null where quotation marks do not pair up. `end`: where the next row begins. */
export type CsvRow = { cells: Cell[] | null; end: number };

/** CRLF, LF or CR ends a row, in any mixture: files that were put together hold several. */
const LINE_END = /\r\n|[\r\n]/g;
// A spreadsheet would run a cell that begins with one of these, the last four as Japanese ones do.
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;
/** What separates, in one script or another, where no quotation marks say that it belongs to a cell. */
export const SEPARATING = /[,;|\t،؛、，；｜]/;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Reads the row that begins at `start`. A cell in quotation marks may hold separators, line ends and doubled quotation marks,
 * and must be followed by a separator or the end of its row. In other cells quotation marks are letters, as long as they come
 * in pairs. Where they do not, the row is the rest of its line: the next line is read on its own.
 * @param separator null where each row is a single cell
 */
export function readCsvRow(text: string, start: number, separator: Separator | null): CsvRow {
  const cells: Cell[] = [];
  for (let at = start; ; at++) {
    const read = readCell(text, at, separator);
    if (!read) return { cells: null, end: endOfLine(text, start) };
    cells.push(read.cell);
    at = read.end;
    if (text[at] !== separator) return { cells, end: endOfLine(text, at) };
  }
}

/** Where the line after the one at `start` begins, at the latest at the end of the text. */
export function endOfLine(text: string, start: number): number {
  LINE_END.lastIndex = start;
  return LINE_END.test(text) ? LINE_END.lastIndex : text.length;
}

function readCell(text: string, start: number, separator: Separator | null): { cell: Cell; end: number } | null {
  const first = skipSpaces(text, start);
  return text[first] === '"' ? readQuoted(text, first + 1, separator) : readPlain(text, start, separator);
}

function readQuoted(text: string, start: number, separator: Separator | null): { cell: Cell; end: number } | null {
  let close = text.indexOf('"', start);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close === -1) return null;
  const end = skipSpaces(text, close + 1);
  if (!isEnd(text[end], separator)) return null;
  return { cell: { text: unguard(text.slice(start, close).replaceAll('""', '"').trim()), isQuoted: true }, end };
}

function readPlain(text: string, start: number, separator: Separator | null): { cell: Cell; end: number } | null {
  let end = start;
  let marks = 0;
  for (; !isEnd(text[end], separator); end++) if (text[end] === '"') marks += 1;
  return marks % 2 === 0 ? { cell: { text: unguard(text.slice(start, end).trim()), isQuoted: false }, end } : null;
}

function isEnd(char: string | undefined, separator: Separator | null): boolean {
  return char === undefined || char === separator || char === '\n' || char === '\r';
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ') at += 1;
  return at;
}

/**
 * The text of a CSV file that opens in a spreadsheet with the same letters (a byte order mark says UTF-8) and runs nothing: an
 * apostrophe stands before what would be a formula, and `readCsvRow` takes it away again.
 */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + rows.map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('');
}

function writeCell(text: string): string {
  const guarded = FORMULA.test(text) ? `'${text}` : text;
  return SEPARATING.test(guarded) || /["\r\n]|^ | $/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function unguard(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}
