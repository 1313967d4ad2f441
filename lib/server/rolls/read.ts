import 'server-only';
import type { Database } from '#db/client.ts';
import { desc, eq, inArray, sql } from '#db/drizzle.cjs';
import { groups, rolls } from '#db/schema/membership.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { shareBytes } from '../http/share-bytes.ts';
import { isHex32 } from '../statements/load.ts';

/** @throws AppError ROLL_NOT_FOUND */
export async function readRollHeader(ctx: Context, hash: string): Promise<RollHeader> {
  const [row] = isHex32(hash) ? await ctx.db.select({ header: rolls.header }).from(rolls).where(eq(rolls.hash, hash)) : [];
  if (!row) throw new AppError('ROLL_NOT_FOUND');
  return row.header;
}

/** The headers of those of these rolls that there are. */
export async function readRollHeaders(ctx: Context, hashes: readonly Hex32[]): Promise<RollHeader[]> {
  const rows = await ctx.db
    .select({ header: rolls.header })
    .from(rolls)
    .where(inArray(rolls.hash, [...hashes]));
  return rows.map(({ header }) => header);
}

/** The newest roll of each of these groups, by group id; a group without a roll is not among them. */
export async function readNewestRolls(ctx: Context, ids: readonly Hex32[]): Promise<Map<Hex32, RollHeader>> {
  const newest = newestRollOf(ctx.db);
  const rows = await ctx.db
    .select({ group: groups.id, header: newest.header })
    .from(groups)
    .innerJoinLateral(newest, sql`true`)
    .where(inArray(groups.id, [...ids]));
  return new Map(rows.map(({ group, header }) => [group, header]));
}

/** For a lateral join to `groups`: one look into the index of their histories for each, however long these are. */
export function newestRollOf(db: Database) {
  return db
    .select({ header: rolls.header })
    .from(rolls)
    .where(eq(rolls.groupId, groups.id))
    .orderBy(desc(rolls.number))
    .limit(1)
    .as('newest');
}

/** The whole roll, the same bytes for everybody: to ask for one's own place would tell who is about to sign (T14). */
export async function readRollFile(ctx: Context, hash: string): Promise<Uint8Array> {
  return shareBytes(`${hash}/leaves`, async () => {
    const [row] = isHex32(hash) ? await ctx.db.select({ file: rolls.file }).from(rolls).where(eq(rolls.hash, hash)) : [];
    if (!row || row.file.length === 0) throw new AppError('ROLL_NOT_FOUND'); // of this one only the header is left
    return row.file;
  });
}

/** The hashes of all capsules of a roll, the same bytes for everybody: nobody asks for one of them (T47). */
export async function readCapsuleHashes(ctx: Context, hash: string): Promise<Uint8Array> {
  return shareBytes(`${hash}/names`, async () => {
    const [row] = isHex32(hash) ? await ctx.db.select({ names: rolls.names }).from(rolls).where(eq(rolls.hash, hash)) : [];
    if (!row || row.names.length === 0) throw new AppError('ROLL_NOT_FOUND');
    return row.names;
  });
}
