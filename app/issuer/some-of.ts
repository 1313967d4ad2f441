import { groupDigits } from '#lib/protocol/messages/count-of.ts';

/** A few names and how many more there are: "Ada, Ben, Cleo and 12 more". */
export function someOf(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${groupDigits(rest)} more` : names.join(', ');
}
