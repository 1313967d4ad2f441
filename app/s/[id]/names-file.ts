import type { SignerList } from '#lib/api/shapes.ts';
import { writeCsv } from '#lib/issuing/csv.ts';
import { nameGroups } from '#lib/protocol/member/name-groups.ts';

const HEADINGS = ['name', 'group', 'signatures', 'seat'];

/** Opened names as a table, a token a row, in the order in which they come. The name is empty where none can be read;
 * groups of one name bear what tells them apart. SPEC §13.1. */
export function writeSignersCsv({ groups, names }: SignerList): string {
  const nameOf = nameGroups(groups);
  const rows = names.map(({ name, group, signatures, seat }) => [name ?? '', nameOf(group), String(signatures), seat]);
  return writeCsv([HEADINGS, ...rows]);
}
