// Rows of a roster that may be one person twice: pointed out, and the issuer's to judge
import { quote } from '#lib/protocol/messages/quote.ts';
import { lookOf } from '#lib/protocol/messages/visible-text.ts';

type Person = { name: string; email: string };
type Row = Person & { row: number; group?: string };

/** A row that may be somebody who stands in another one too, or on the roster already. */
export type Double = { row: number; severity: 'warning'; code: 'SAME_NAME' | 'SAME_EMAIL' | 'HOMONYM' | 'STANDING_EMAIL'; detail: string };

/** Rows of a file that may be one person twice. @param ofOne whether all are of one group, whatever each calls it */
export function findRepetitions(rows: readonly Row[], ofOne: boolean): Double[] {
  const groupOf = ({ group = '' }: Row) => (ofOne ? '' : group);
  const seen = new Map<string, number>();
  const found: Double[] = [];
  const look = (row: Row, key: string, code: 'SAME_NAME' | 'SAME_EMAIL', what: string) => {
    const before = seen.get(key);
    if (before === undefined) seen.set(key, row.row);
    else
      found.push({
        row: row.row,
        severity: 'warning',
        code,
        detail: `${what} stands in row ${before} too. Make sure that these are two people.${code === 'SAME_NAME' ? TELL_APART : ''}`,
      });
  };
  for (const row of rows) {
    look(row, `name ${groupOf(row)}\0${lookOf(row.name)}`, 'SAME_NAME', 'This name');
    if (row.email !== '') look(row, `email ${groupOf(row)}\0${row.email.toLowerCase()}`, 'SAME_EMAIL', 'This address');
  }
  return found;
}

const TELL_APART = ' Nobody can tell them apart once the names are open: add an office or a constituency to each.';

/**
 * Rows that may be somebody who stands on the roster already: by the address, under another name, or by a name that looks the same. The
 * same name and address are the same person, who is not invited anew.
 */
export function findStanding(rows: readonly Row[], standing: readonly Person[]): Double[] {
  if (standing.length === 0) return [];
  const addressOf = ({ email }: Pick<Person, 'email'>) => email.toLowerCase();
  const keyOf = (one: Person) => `${one.name}\0${addressOf(one)}`;
  const [known, looks] = [new Set(standing.map(keyOf)), new Set(standing.map(({ name }) => lookOf(name)))];
  const byAddress = new Map(standing.map((one) => [addressOf(one), one.name]));
  byAddress.delete('');
  return rows
    .filter((row) => !known.has(keyOf(row)))
    .flatMap((row): Double[] => {
      const standingAs = byAddress.get(addressOf(row));
      const told = { row: row.row, severity: 'warning' } as const;
      if (standingAs !== undefined) return [{ ...told, code: 'STANDING_EMAIL', detail: `${quote(standingAs)} ${INVITED_TWICE}` }];
      return looks.has(lookOf(row.name)) ? [{ ...told, code: 'HOMONYM', detail: HOMONYM }] : [];
    });
}

const INVITED_TWICE =
  'stands on the roster already, with this address. One person would be invited twice, and could sign twice: strike the other entry if only the name has changed.';
const HOMONYM = `This name stands on the roster already, with another address. Make sure that these are two people.${TELL_APART}`;
