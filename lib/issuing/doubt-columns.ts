// Parts of names that may stand in columns which are not read: pointed out, and the issuer's to judge
import { quote } from '#lib/protocol/messages/quote.ts';
import { readCsvRow } from './csv.ts';
import type { Layout } from './roster-columns.ts';

type Doubt = { row: number; severity: 'warning'; code: 'UNREAD_PART' | 'ONE_WORD'; detail: string };

/** Columns that hold a part of names are told with what is in them: “Jan Berg” would be attested where “Jan van den Berg” was meant. */
export function findUnreadParts(text: string, { separator, parts, start, row: first }: Layout): Doubt[] {
  const open = new Set(parts);
  const found: Doubt[] = [];
  for (let at = start, row = first; at < text.length && open.size > 0; row++) {
    const { cells, end } = readCsvRow(text, at, separator);
    for (const part of open) {
      const lost = cells?.[part]?.text ?? '';
      if (lost === '' || !open.delete(part)) continue;
      const detail = `${quote(lost)} is a part of a name, and its column is not read. If such parts are to be attested, write the whole name into one column.`;
      found.push({ row, severity: 'warning', code: 'UNREAD_PART', detail });
    }
    at = end;
  }
  return found;
}

/** A name may be cut in two over columns whose headings nobody here knows. */
export function doubtWords(rows: readonly { name: string }[], { unread, row }: Layout): Doubt[] {
  const single = rows.filter(({ name }) => !name.includes(' ')).length;
  if (unread.length === 0 || single * 2 <= rows.length) return [];
  const columns = unread.map(quote).join(', ');
  const detail = `Most names are a single word, and these columns are not read: ${columns}. If one is part of the name, put both into one.`;
  return [{ row: row - 1, severity: 'warning', code: 'ONE_WORD', detail }];
}
