import 'server-only';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import { and, desc, eq, gte, inArray, sql } from '#db/drizzle.cjs';
import { permits } from '#db/schema/board.ts';
import { groups, invitations, rolls, rollTrees } from '#db/schema/membership.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import {
  checkRollHeader,
  followsRoll,
  MOST_ROLL_DELAY_SECONDS,
  MOST_ROLLS_A_DAY,
  nextRollFrom,
  type RollHeader,
  rollHash,
} from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkShape, hex32 } from '#lib/protocol/messages/shape.ts';
import { firstKeptWeek } from '#lib/protocol/permit/permit.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { requireOwnGroup } from '../groups/list.ts';
import { transactInLine } from '../in-line.ts';
import { requireLiveKeys } from '../issuers/key-ends.ts';
import { type Keeper, logChange } from '../issuers/log.ts';
import { eraseCapsules } from './erase-capsules.ts';
import { eraseLeaves } from './erase-leaves.ts';

const publicationShape = z.strictObject({
  header: z.unknown(),
  leaves: z.array(z.string()).min(1).max(65_536),
  /** Tickets of the enrolments that this roll takes in. */
  enrolled: z.array(hex32).max(65_536),
  /** Headers between the newest roll that is here and this one, the oldest first, where a copy of the database was put back. */
  between: z.array(z.unknown()).max(MOST_ROLLS_A_DAY).optional(),
});

const CLOCK_SKEW_SECONDS = 300;
const TICKETS_AT_ONCE = 5_000;

/**
 * Publishes the next roll of a group that the account keeps: the header signed by the issuer's key, the leaves under its
 * root, and the file of capsules. In the same transaction what members sent for it is deleted. The same roll again changes nothing.
 * SPEC §4.
 */
export async function publishRoll(
  ctx: Context,
  keeper: Keeper,
  id: string,
  value: unknown,
  capsules: Uint8Array,
): Promise<{ hash: Hex32; isNew: boolean }> {
  await requireOwnGroup(ctx, keeper.issuer, id);
  const input = requireOk(checkShape(publicationShape, value));
  const header = requireOk(checkRollHeader(input.header));
  if (groupId(header.group) !== id) throw new AppError('OTHER_GROUP');
  if (header.time > ctx.now() + CLOCK_SKEW_SECONDS) throw new AppError('ROLL_TIME');
  const hash = rollHash(header);
  if (await isPublished(ctx.db, hash)) return { hash, isNew: false };
  const between = (input.between ?? []).map((one) => requireOk(checkRollHeader(one)));
  await requireDate(ctx, id, between[0] ?? header);
  await requireFollowing(ctx.db, id, [...between, header]); // before the work
  await requireLiveKeys(ctx.db, [header.group.issuer]);
  const before = await loadTree(ctx.db, id, header);
  const { file, tree, names, changes } = requireOk(await ctx.threads.run('layOutRoll', { header, leaves: input.leaves, capsules, before }));

  const isNew = await transactInLine(ctx, `group ${id}`, async (tx) => {
    await tx.select({ id: groups.id }).from(groups).where(eq(groups.id, id)).for('no key update');
    if (await isPublished(tx, hash)) return false;
    await requireDate({ ...ctx, db: tx }, id, between[0] ?? header); // a permit may have come meanwhile
    await requireFollowing(tx, id, [...between, header]);
    await requireLiveKeys(tx, [header.group.issuer]);
    if (between.length > 0) await tx.insert(rolls).values(between.map((lost) => headerAlone(id, lost)));
    const { number, size } = header;
    await tx.insert(rolls).values({ hash, groupId: id, number, size, ...changes, header, file, names, capsules });
    await tx
      .insert(rollTrees)
      .values({ groupId: id, roll: hash, nodes: tree })
      .onConflictDoUpdate({ target: rollTrees.groupId, set: { roll: hash, nodes: tree } });
    await takeIn(tx, id, input.enrolled);
    await logChange(tx, keeper, ctx.now(), { action: 'roll-published', group: id, count: number });
    return true;
  });
  if (!isNew) return { hash, isNew };
  await eraseCapsules(ctx); // those of the roll before, unless a statement needs them
  await eraseLeaves(ctx, id);
  return { hash, isNew };
}

/** A roll of which nothing but the header is left: it leads from the roll before it to the next, and is named by nothing that runs. */
function headerAlone(groupId: Hex32, header: RollHeader): typeof rolls.$inferInsert {
  const nothing = new Uint8Array();
  return { hash: rollHash(header), groupId, number: header.number, size: header.size, header, file: nothing, names: nothing };
}

async function isPublished(db: Database, hash: Hex32): Promise<boolean> {
  return (await db.select({ hash: rolls.hash }).from(rolls).where(eq(rolls.hash, hash))).length > 0;
}

/**
 * A roll that is dated further back would make trustees believe that the one before was outdated when a member opened a statement by it.
 * Where no member has, it may come late: an issuer or a platform was away, or the platform was put back from a copy.
 */
async function requireDate({ db, now }: Context, id: Hex32, { number, time }: RollHeader): Promise<void> {
  if (number === 1 || time >= now() - MOST_ROLL_DELAY_SECONDS) return;
  const ofGroup = sql`${permits.body}::jsonb #>> '{said,group}' = ${id}`;
  const isUsed = (await db.$count(permits, and(gte(permits.week, firstKeptWeek(now())), ofGroup))) > 0;
  if (isUsed) throw new AppError('ROLL_TIME', 'it is dated more than a week back, and members have opened statements since');
}

/** @param next rolls that are to follow the newest, the oldest first */
async function requireFollowing(db: Database, id: Hex32, next: readonly RollHeader[]): Promise<void> {
  const newest = await db
    .select({ header: rolls.header })
    .from(rolls)
    .where(eq(rolls.groupId, id))
    .orderBy(desc(rolls.number))
    .limit(MOST_ROLLS_A_DAY);
  const history = newest.map((row) => row.header);
  for (const header of next) {
    const [last] = history;
    const follows = last ? followsRoll(last, header) : header.number === 1 && groupId(header.group) === id;
    if (!follows) throw new AppError('ROLL_CONFLICT');
    const from = nextRollFrom(history);
    if (header.time < from) throw new AppError('ROLL_SOON', `the next one may bear a time from ${new Date(from * 1000).toISOString()} on`);
    history.unshift(header);
  }
}

/** The nodes of the roll before, so that a roll with one more member is not hashed whole. */
async function loadTree(db: Database, id: Hex32, { previous }: RollHeader): Promise<Uint8Array | null> {
  if (previous === undefined) return null;
  const ofPrevious = and(eq(rollTrees.groupId, id), eq(rollTrees.roll, previous));
  const [row] = await db.select({ nodes: rollTrees.nodes }).from(rollTrees).where(ofPrevious);
  return row?.nodes ?? null;
}

/**
 * Forgets what members sent, now that the roll holds their leaves. Tickets taken in by an earlier roll may be named again. @throws
 * UNKNOWN_TICKET
 */
async function takeIn(tx: Database, id: Hex32, enrolled: readonly Hex32[]): Promise<void> {
  for (let start = 0; start < enrolled.length; start += TICKETS_AT_ONCE) {
    const part = [...new Set(enrolled.slice(start, start + TICKETS_AT_ONCE))];
    const taken = await tx
      .update(invitations)
      .set({ state: 'enrolled', enrolmentId: null, ciphertext: null })
      .where(and(eq(invitations.groupId, id), inArray(invitations.ticket, part), inArray(invitations.state, ['accepted', 'enrolled'])))
      .returning({ ticket: invitations.ticket });
    if (taken.length !== part.length) throw new AppError('UNKNOWN_TICKET');
  }
  if (enrolled.length > 0) await writeUsedAnew(tx, id);
}

/**
 * Writes all used tickets of the group anew, in the order of their hashes and in this transaction: otherwise the order of rows and
 * the numbers of their transactions told whoever holds an old invitation in which roll it was taken up, and beside whom (T67).
 */
async function writeUsedAnew(tx: Database, id: Hex32): Promise<void> {
  const used = and(eq(invitations.groupId, id), eq(invitations.state, 'enrolled'));
  const gone = await tx.delete(invitations).where(used).returning({ ticket: invitations.ticket });
  const tickets = gone.map(({ ticket }) => ticket).sort();
  for (let start = 0; start < tickets.length; start += TICKETS_AT_ONCE) {
    const rows = tickets.slice(start, start + TICKETS_AT_ONCE).map((ticket) => ({ ticket, groupId: id, state: 'enrolled' as const }));
    await tx.insert(invitations).values(rows);
  }
}
