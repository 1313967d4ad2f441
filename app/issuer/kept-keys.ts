import type { GroupSummary } from '#lib/api/shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';

/** A key of an issuer by the groups that an account keeps with it. */
export type KeptKey = { key: Hex32; groups: string[]; ended: boolean };

/** The keys with which an account keeps groups, in the order of these. */
export function listKeptKeys(groups: readonly GroupSummary[]): KeptKey[] {
  const byKey = new Map<Hex32, KeptKey>();
  for (const { group, ended } of groups) {
    const kept = byKey.get(group.issuer) ?? { key: group.issuer, groups: [], ended: ended === true };
    byKey.set(group.issuer, { ...kept, groups: [...kept.groups, quote(group.name)] });
  }
  return [...byKey.values()];
}
