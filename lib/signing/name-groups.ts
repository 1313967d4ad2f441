import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { findAlike, lookOf } from '#lib/protocol/messages/visible-text.ts';

/** Digits of a group's id that nobody finds again under another key: 64 bits. */
const TOLD_APART = 16;

/**
 * Gives the names of groups by their rolls: of those that look alike, which are of different issuers, with the beginning of the id, so
 * that nobody reads the one for the other in a condition; of any other group the beginning of its id. SPEC §5.6.
 */
export function nameGroupsBy(rolls: ReadonlyMap<Hex32, Pick<RollHeader, 'group'>>): (group: Hex32) => string {
  const alike = new Set(findAlike([...rolls.values()].map(({ group }) => group.name)).map(lookOf));
  return (id) => {
    const name = rolls.get(id)?.group.name;
    if (name === undefined) return `${id.slice(0, 8)}…`;
    return alike.has(lookOf(name)) ? `${name} · ${id.slice(0, TOLD_APART)}…` : name;
  };
}
