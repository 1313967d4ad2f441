import { describeRoster } from '#lib/issuing/describe-roster.ts';
import { findNewcomers } from '#lib/issuing/invite.ts';
import type { IssuedGroup } from '#lib/issuing/issuer-file.ts';
import { parseRoster, type RosterOptions, type RosterRow } from '#lib/issuing/roster.ts';
import { decodeRoster } from '#lib/issuing/roster-file.ts';
import { askYes } from '../signing/ask.ts';
import { readCallersFile } from './callers-files.ts';

/**
 * Reads a roster by the rules of the issuer's page, shows what was understood of it, and asks before anybody is taken from it.
 * @param isSure nothing is asked
 * @returns those who do not stand on the group's roster yet @throws Error when nobody can be read from the file, and for a no
 */
export async function reviewRoster(csv: string, issued: IssuedGroup, options: RosterOptions, isSure: boolean): Promise<RosterRow[]> {
  const text = decodeRoster(readCallersFile(csv));
  if (!text.ok) throw new Error(`${csv}: ${text.detail}`);
  const standing = issued.members.filter(({ removed }) => !removed);
  const roster = parseRoster(text.value, { ...options, group: issued.name, standing });
  const added = findNewcomers(issued, roster.rows);
  console.log(describeRoster(roster, added));
  if (roster.rows.length === 0) throw new Error(`Nobody could be read from ${csv}.`);
  const people = added.length === 1 ? 'this person' : `these ${added.length} people`;
  if (added.length > 0 && !isSure && !(await askYes(`Put ${people} on the roster?`))) throw new Error('Nobody was put on the roster.');
  return added;
}
