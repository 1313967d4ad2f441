import { asc, eq } from 'drizzle-orm';
import type { Database } from './client.ts';
import { groups, issuers } from './schema/membership.ts';

/** An account as its operator sees it: `signIn` is all that is kept of its address. */
export type ListedIssuer = { signIn: string; since: number; groups: string[] };

/** Makes the account of an address, before it has ever signed in. @param signIn `accountOfAddress` @returns false where it was there */
export async function approveIssuer(db: Database, signIn: string): Promise<boolean> {
  const added = await db.insert(issuers).values({ signIn }).onConflictDoNothing().returning({ id: issuers.id });
  return added.length > 0;
}

/** All accounts, oldest first, with the names of their groups. */
export async function listIssuers(db: Database): Promise<ListedIssuer[]> {
  const rows = await db
    .select({ signIn: issuers.signIn, since: issuers.since, group: groups.name })
    .from(issuers)
    .leftJoin(groups, eq(groups.issuer, issuers.id))
    .orderBy(asc(issuers.since), asc(issuers.signIn), asc(groups.name));
  const listed = new Map<string, ListedIssuer>();
  for (const { signIn, since, group } of rows) {
    const one = listed.get(signIn) ?? { signIn, since, groups: [] };
    if (group !== null) one.groups.push(group);
    listed.set(signIn, one);
  }
  return [...listed.values()];
}
