import 'server-only';
import { type AnyPgColumn, and, eq, gte, isNotNull, isNull, lte, ne, or, sql } from '#db/drizzle.cjs';
import { challenges } from '#db/schema/asking.ts';
import { groups, issuerProfiles } from '#db/schema/membership.ts';
import { askerProof } from '#lib/api/asker-domain.ts';
import { domainProof } from '#lib/api/issuer-profile.ts';
import type { Context } from '../context.ts';
import type { DomainPorts } from './domain-ports.ts';

const DAY_SECONDS = 86_400;
const AT_ONCE = 4;

/**
 * Looks at a few of the domains that are due: new ones, and those that were looked at a day ago. A domain whose proof is not found, or
 * that does not answer, counts as not proved until it is; when it last was stays known.
 * @returns how many were looked at
 */
export async function checkDomains(ctx: Context): Promise<number> {
  return (await checkIssuers(ctx)) + (await checkAskers(ctx));
}

async function checkIssuers(ctx: Context): Promise<number> {
  const { key, domain, checkedAt } = issuerProfiles;
  // One of each account: whoever keeps thousands of keys, and says them all anew, puts nobody else off.
  const ofEach = ctx.db
    .selectDistinctOn([groups.issuer], { key, domain })
    .from(issuerProfiles)
    .innerJoin(groups, eq(groups.issuerKey, key))
    .where(and(ne(domain, ''), isDue(ctx, checkedAt)))
    .orderBy(groups.issuer, sql`random()`)
    .as('due');
  const due = await ctx.db.select().from(ofEach).orderBy(sql`random()`).limit(AT_ONCE);
  const look = async (one: (typeof due)[number]) => {
    const found = await lookAt(ctx, one.domain, domainProof(one.key));
    // The issuer may have named another domain meanwhile.
    await ctx.db
      .update(issuerProfiles)
      .set(found)
      .where(and(eq(key, one.key), eq(domain, one.domain)));
  };
  await Promise.all(due.map(look));
  return due.length;
}

/** The domains that askers give as their names, while their challenges can be answered: each once, however many they have made. */
async function checkAskers(ctx: Context): Promise<number> {
  const { asker, domain, checkedAt, expires } = challenges;
  const due = await ctx.db
    .selectDistinct({ asker, domain })
    .from(challenges)
    .where(and(isNotNull(domain), gte(expires, ctx.now()), isDue(ctx, checkedAt)))
    .limit(AT_ONCE);
  const look = async (one: (typeof due)[number]) => {
    if (one.domain === null) return;
    const found = await lookAt(ctx, one.domain, askerProof(one.asker));
    await ctx.db
      .update(challenges)
      .set(found)
      .where(and(eq(asker, one.asker), eq(domain, one.domain)));
  };
  await Promise.all(due.map(look));
  return due.length;
}

function isDue(ctx: Context, checkedAt: AnyPgColumn) {
  return or(isNull(checkedAt), lte(checkedAt, ctx.now() - DAY_SECONDS));
}

/** What is found at a domain now, as it is stored: when it was proved last only where it is. */
export async function lookAt(ctx: Context, domain: string, proof: string) {
  const provedBy = await findDomainProof(ctx.domains, domain, proof);
  const now = ctx.now();
  return { checkedAt: now, provedBy, ...(provedBy === null ? {} : { provedAt: now }) };
}

/** By which way a domain says that its holder recognises a key, by the line of text that does; null for none. */
async function findDomainProof(ports: DomainPorts, domain: string, proof: string): Promise<'dns' | 'web' | null> {
  if ((await ports.readRecords(domain)).some((record) => record.trim() === proof)) return 'dns';
  return (await ports.readFile(domain)).some((line) => line.trim() === proof) ? 'web' : null;
}
