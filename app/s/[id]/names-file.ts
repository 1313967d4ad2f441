import type { SignerList } from '#lib/api/shapes.ts';
import { writeCsv } from '#lib/issuing/csv.ts';

const HEADINGS = ['name', 'group', 'signatures', 'seat'];

/** Opened names as a table, a token a row, in the order in which they come. The name is empty where none can be read. SPEC §13.1. */
export function writeSignersCsv({ groups, names }: SignerList): string {
  const nameOf = new Map(groups.map(({ id, name }) => [id, name]));
  const rows = names.map(({ name, group, signatures, seat }) => [name ?? '', nameOf.get(group) ?? group, String(signatures), seat]);
  return writeCsv([HEADINGS, ...rows]);
}
