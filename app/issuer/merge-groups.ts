import type { GroupSummary } from '#lib/api/shapes.ts';
import { groupIdsOf, type Issuer } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/**
 * A group as the issuer sees it. `unregistered`: in this browser's keystore, but this site does not know that the account keeps
 * it. `elsewhere`: the account keeps it with a key that is not in this browser. `ended`: so it does, with a key that has ended.
 */
export interface IssuerGroup {
  id: Hex32;
  name: string;
  standing: 'kept' | 'unregistered' | 'elsewhere' | 'ended';
  /** Members of the published roll. */
  size: number;
  /** People on the roster in this browser; null without its key. */
  roster: number | null;
}

/** Puts the keystore's groups and the account's together, the keystore's first in their order. */
export function mergeGroups(issuer: Issuer, known: readonly GroupSummary[]): IssuerGroup[] {
  const ids = groupIdsOf(issuer);
  const byId = new Map(known.map((group) => [group.id, group]));
  const own = issuer.groups.map((group, i): IssuerGroup => {
    const id = ids[i] as Hex32;
    const published = byId.get(id);
    const roster = group.members.filter((member) => !member.removed).length;
    return { id, name: group.name, standing: published ? 'kept' : 'unregistered', size: published?.size ?? 0, roster };
  });
  const others = known
    .filter((group) => !ids.includes(group.id))
    .map(({ id, group, size, ended }): IssuerGroup => {
      return { id, name: group.name, standing: ended ? 'ended' : 'elsewhere', size, roster: null };
    });
  return [...own, ...others];
}
