import 'server-only';
import { and, eq, isNull, lte, ne, or } from 'drizzle-orm';
import { issuerProfiles } from '#db/schema/membership.ts';
import { domainProof } from '#lib/api/issuer-profile.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
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
  const isDue = and(
    ne(issuerProfiles.domain, ''),
    or(isNull(issuerProfiles.checkedAt), lte(issuerProfiles.checkedAt, ctx.now() - DAY_SECONDS)),
  );
  const due = await ctx.db.select().from(issuerProfiles).where(isDue).limit(AT_ONCE);
  await Promise.all(due.map((one) => checkOne(ctx, one)));
  return due.length;
}

async function checkOne(ctx: Context, { key, domain }: { key: Hex32; domain: string }): Promise<void> {
  const proof = await findDomainProof(ctx.domains, domain, key);
  const now = ctx.now();
  // The issuer may have named another domain meanwhile.
  const same = and(eq(issuerProfiles.key, key), eq(issuerProfiles.domain, domain));
  await ctx.db
    .update(issuerProfiles)
    .set({ checkedAt: now, provedBy: proof, ...(proof === null ? {} : { provedAt: now }) })
    .where(same);
}

/** By which way a domain says that its holder recognises an issuer's key; null for none. */
async function findDomainProof(ports: DomainPorts, domain: string, key: Hex32): Promise<'dns' | 'web' | null> {
  const proof = domainProof(key);
  if ((await ports.readRecords(domain)).some((record) => record.trim() === proof)) return 'dns';
  return (await ports.readFile(domain)).some((line) => line.trim() === proof) ? 'web' : null;
}
