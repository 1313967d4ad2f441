import type { IssuedGroup } from '#lib/issuing/issuer-file.ts';
import { findLeftOut } from '#lib/issuing/make-roll.ts';

/** What a prepared roll changes against the one before, in the issuer's own words for people. */
export interface RollChanges {
  joining: string[];
  leaving: string[];
  staying: number;
  /** Who gets a fresh invitation instead of a place: see `findLeftOut`. */
  leftOut: string[];
  /** How many members of the roll before this keystore does not know. The new roll leaves them out. */
  unknown: number;
}

/** Compares a group before and after `makeRoll`: who has a place now and had none, and who had one and has none. */
export function compareRolls(before: IssuedGroup, after: IssuedGroup): RollChanges {
  const leftOut = findLeftOut(before, after);
  const changes: RollChanges = { joining: [], leaving: [], staying: 0, leftOut, unknown: 0 };
  let known = 0;
  for (const [i, member] of after.members.entries()) {
    const had = before.members[i]?.place !== undefined;
    if (had) known += 1;
    if (member.place !== undefined && had) changes.staying += 1;
    else if (member.place !== undefined) changes.joining.push(member.name);
    else if (had && member.removed) changes.leaving.push(member.name);
  }
  changes.unknown = Math.max(0, (before.lastRoll?.size ?? 0) - known);
  return changes;
}
