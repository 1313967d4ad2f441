import type { IssuedGroup } from '#lib/issuing/issuer-file.ts';

/** What a prepared roll changes against the one before, in the issuer's own words for people. */
export interface RollChanges {
  joining: string[];
  leaving: string[];
  staying: number;
}

/** Compares a group before and after `makeRoll`: who has a place now and had none, and who had one and has none. */
export function compareRolls(before: IssuedGroup, after: IssuedGroup): RollChanges {
  const hadPlace = new Set(before.members.filter((member) => member.place !== undefined).map((member) => member.secret));
  const changes: RollChanges = { joining: [], leaving: [], staying: 0 };
  for (const member of after.members) {
    const had = hadPlace.has(member.secret);
    if (member.place !== undefined && had) changes.staying += 1;
    else if (member.place !== undefined) changes.joining.push(member.name);
    else if (had) changes.leaving.push(member.name);
  }
  return changes;
}
