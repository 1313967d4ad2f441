import { quote } from '#lib/protocol/messages/quote.ts';
import { onOneLine } from '#lib/protocol/messages/visible-text.ts';
import type { Roster, RosterRow } from './roster.ts';

/** In words, of how many rows what they name: “2 rows name another group and are left out: “Pilots”.”, or nothing. */
export function describeOtherGroups(others: Roster['others']): string {
  if (others.size === 0) return '';
  const rows = [...others.values()].reduce((sum, count) => sum + count, 0);
  const names = [...others.keys()];
  const listed = names.slice(0, 5).map(quote);
  const more = names.length > listed.length ? ` and ${names.length - listed.length} more` : '';
  return `${rows === 1 ? '1 row names another group and is' : `${rows} rows name another group and are`} left out: ${listed.join(', ')}${more}.`;
}

/**
 * What was understood of a roster, for whoever runs a command: every row to look at, what was not read, and every name as it will be
 * attested. @param added those of its rows that would add somebody
 */
export function describeRoster(roster: Roster, added: readonly RosterRow[]): string {
  const { problems, rows, leftOut, others, unread, isJoined } = roster;
  const known = rows.length - added.length;
  const lines = [
    ...problems.map(({ row, severity, detail }) => `Row ${row}, ${severity === 'error' ? 'left out' : 'look at it'}: ${onOneLine(detail)}`),
    unread.length > 0 ? `Not read: ${unread.map(quote).join(', ')}.` : '',
    isJoined ? 'First and last name stand in two columns. They are attested together, in this order.' : '',
    describeOtherGroups(others),
    leftOut > 0 ? `${leftOut === 1 ? '1 row is' : `${leftOut} rows are`} left out because something is the matter.` : '',
    known > 0 ? `${known === 1 ? '1 person stands' : `${known} people stand`} on the roster already.` : '',
    added.length > 0 ? 'What the public will read, exactly as it stands here:' : '',
    ...added.map(({ name, email }) => `  ${onOneLine(name)}${email === '' ? '' : `  <${onOneLine(email)}>`}`),
  ];
  return lines.filter((line) => line !== '').join('\n');
}
