import { and, asc, eq, inArray } from '#db/drizzle.cjs';
import type { Database } from './client.ts';
import { clerks } from './schema/clerks.ts';
import { groups, issuers } from './schema/membership.ts';

/** A clerk as the operator sees them: `signIn` is all that is kept of an address. With the groups of their issuer. */
export type ListedClerk = { signIn: string; since: number; groups: string[] };

/** Whom a way of signing in leads to. */
export type ClerkOf = { issuer: string; clerk: string };

/** The clerk whom a way of signing in leads to; null for none. */
export async function findClerk(db: Database, signIn: string): Promise<ClerkOf | null> {
  const isIn = and(eq(clerks.signIn, signIn), eq(clerks.state, 'in'));
  const [found] = await db.select({ issuer: clerks.issuer, clerk: clerks.id }).from(clerks).where(isIn);
  return found ?? null;
}

/** Those of these ways of signing in that lead to a clerk. */
export async function findSignIns(db: Database, signIns: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ signIn: clerks.signIn })
    .from(clerks)
    .where(and(inArray(clerks.signIn, [...signIns]), eq(clerks.state, 'in')));
  return new Set(rows.flatMap(({ signIn }) => signIn ?? []));
}

/** Makes an issuer with its first clerk. @param signIn `accountOfAddress`, or `LINK_ACCOUNT` @returns false where somebody has it already */
export async function approveIssuer(db: Database, signIn: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (await findClerk(tx, signIn)) return false;
    const [issuer] = await tx.insert(issuers).values({}).returning({ id: issuers.id });
    const first = { issuer: issuer?.id ?? '', number: 1, state: 'in', signIn } as const;
    const added = await tx.insert(clerks).values(first).onConflictDoNothing().returning({ id: clerks.id });
    if (added.length > 0) return true;
    await tx.delete(issuers).where(eq(issuers.id, first.issuer)); // another was quicker
    return false;
  });
}

/** All clerks, oldest first, with the names of their groups. */
export async function listIssuers(db: Database): Promise<ListedClerk[]> {
  const rows = await db
    .select({ signIn: clerks.signIn, since: clerks.since, group: groups.name })
    .from(clerks)
    .leftJoin(groups, eq(groups.issuer, clerks.issuer))
    .where(eq(clerks.state, 'in'))
    .orderBy(asc(clerks.since), asc(clerks.signIn), asc(groups.name));
  const listed = new Map<string, ListedClerk>();
  for (const { signIn, since, group } of rows) {
    if (signIn === null) continue;
    const one = listed.get(signIn) ?? { signIn, since, groups: [] };
    if (group !== null) one.groups.push(group);
    listed.set(signIn, one);
  }
  return [...listed.values()];
}
