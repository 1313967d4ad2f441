import 'server-only';
import type { Database } from '#db/client.ts';
import { and, desc, eq, lt, sql } from '#db/drizzle.cjs';
import { clerks, issuerLog } from '#db/schema/clerks.ts';
import type { IssuerLog } from '#lib/api/issuer-shapes.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';

const HOUR_SECONDS = 3_600;
const MOST_SHOWN = 200;
const MOST_KEPT = 10_000;
const SWEPT_EVERY = 100;

/** Who changes something of an issuer: one of its clerks, or null for a program that signs with its key. */
export type Keeper = { issuer: string; clerk: string | null };
type Change = { action: IssuerLog['entries'][number]['action']; group?: Hex32; count?: number };

/** Logs a change, in the transaction that makes it: neither is there without the other. @param now Unix seconds */
export async function logChange(tx: Database, { issuer, clerk }: Keeper, now: number, change: Change): Promise<void> {
  const [by] = clerk === null ? [] : await tx.select({ number: clerks.number }).from(clerks).where(eq(clerks.id, clerk));
  const row = { issuer, clerk: by?.number ?? null, at: now - (now % HOUR_SECONDS), ...change };
  const [added] = await tx.insert(issuerLog).values(row).returning({ id: issuerLog.id });
  if ((added?.id ?? 0) % SWEPT_EVERY === 0) await sweep(tx, issuer);
}

/** Forgets what is older than the newest changes of an issuer: a program makes as many as it likes. */
async function sweep(tx: Database, issuer: string): Promise<void> {
  const ofIssuer = eq(issuerLog.issuer, issuer);
  const newest = tx
    .select({ id: issuerLog.id })
    .from(issuerLog)
    .where(ofIssuer)
    .orderBy(desc(issuerLog.id))
    .limit(1)
    .offset(MOST_KEPT - 1);
  await tx.delete(issuerLog).where(and(ofIssuer, lt(issuerLog.id, sql`(${newest})`)));
}

/** The newest changes of an issuer, newest first. */
export async function listChanges(ctx: Context, issuer: string): Promise<IssuerLog['entries']> {
  const rows = await ctx.db.select().from(issuerLog).where(eq(issuerLog.issuer, issuer)).orderBy(desc(issuerLog.id)).limit(MOST_SHOWN);
  return rows.map(({ clerk, action, group, count, at }) => ({
    at,
    action,
    ...(clerk === null ? {} : { clerk }),
    ...(group === null ? {} : { group }),
    ...(count === null ? {} : { count }),
  }));
}
