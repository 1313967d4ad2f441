import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** Gives the names of groups by their rolls; of any other the beginning of its id. */
export function nameGroupsBy(rolls: ReadonlyMap<Hex32, RollHeader>): (group: Hex32) => string {
  return (group) => rolls.get(group)?.group.name ?? group.slice(0, 8);
}
