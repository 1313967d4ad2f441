import 'server-only';
import type { Database } from '#db/client.ts';
import { eq, inArray } from '#db/drizzle.cjs';
import { committeeMembers, drafts, permits, statementGroups, statements } from '#db/schema/board.ts';
import { groups } from '#db/schema/membership.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { fieldOf } from '#lib/protocol/board/signature.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { ANONYMITY_FLOOR, type RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import { type Permit, wasNewestRoll } from '#lib/protocol/permit/permit.ts';
import { checkShownTexts, checkStatement, leastGrace, type StatementContext, statementShape } from '#lib/protocol/statement/statement.ts';
import { totalOf } from '#lib/protocol/statement/trigger.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { transactInLine } from '../in-line.ts';
import { issuersOf, requireLiveKeys } from '../issuers/key-ends.ts';
import { requireNotRefused, requireShownGroups } from '../moderation/require.ts';
import { readNewestRolls, readRollHeaders } from '../rolls/read.ts';
import { type Admitted, admitOpener, type Opener } from './admit-opener.ts';
import { holdRoom, OPENING, requireNear, requireRoom } from './keying-room.ts';

const LARGEST_BYTES = 65_536;
const LONGEST_LIFE_SECONDS = 5 * 365 * 86_400;
/** What comes in the last second before the deadline has to be on the board in time also where a busy platform publishes late. */
const LEAST_MERGE_DELAY = 10;

/** `waits`: it is a draft, which the issuer of the opener's group looks at first. */
export type Opened = { id: Hex32; isNew: boolean; waits: boolean };

/**
 * Takes a statement in from an issuer's account or from a member with a permit, who need not be known. Its committee then makes the key,
 * and it opens for signatures as soon as that is done. The same statement again changes nothing, whoever sends it. SPEC §5.3, §5.10.
 */
export async function openStatement(ctx: Context, value: unknown, opener: Opener): Promise<Opened> {
  const statement = requireOk(checkShape(statementShape, value));
  const headers = await readRollHeaders(
    ctx,
    statement.rolls.map(({ roll }) => roll),
  );
  const context = requireOk(checkStatement(statement, headers));
  const known = await findOpened(ctx, context.id, opener);
  if (known) return known;
  requireOk(checkShownTexts(statement));
  requireOurs(ctx, context);
  if (statement.deadline > ctx.now() + LONGEST_LIFE_SECONDS) throw new AppError('BAD_TIMES', 'the deadline must lie within five years');
  requireNear(ctx, context);
  await requireCurrentRolls(ctx, context);
  await requireLiveKeys(ctx.db, issuersOf(context.rolls));
  await requireNotRefused(ctx.db, context.id);
  await requireShownGroups(ctx.db, context.rolls);
  const admitted = await admitOpener(ctx, context, opener); // with the one expensive check
  const isNew = admitted.waits ? await storeDraft(ctx, context, admitted) : await storeStatement(ctx, context, admitted);
  return { id: context.id, isNew, waits: admitted.waits };
}

async function findOpened(ctx: Context, id: Hex32, { by }: Opener): Promise<Opened | null> {
  const [open] = await ctx.db.select({ id: statements.id }).from(statements).where(eq(statements.id, id));
  if (open) return { id, isNew: false, waits: false };
  if (by === 'account') return null; // it opens what waits for its own approval
  const [draft] = await ctx.db.select({ id: drafts.id }).from(drafts).where(eq(drafts.id, id));
  return draft ? { id, isNew: false, waits: true } : null;
}

function requireOurs(ctx: Context, { statement, sizes }: StatementContext): void {
  const key = currentKey(ctx.manifest);
  if (statement.platform !== ctx.platformKey) throw new AppError('BAD_PLATFORM');
  if (statement.verificationKey !== key.verificationKey || statement.setup !== key.transcript) throw new AppError('KEY_NOT_CURRENT');
  if (statement.mergeDelay < LEAST_MERGE_DELAY) throw new AppError('BAD_TIMES', `mergeDelay must be at least ${LEAST_MERGE_DELAY} seconds`);
  const least = leastGrace(statement, totalOf(sizes)) + ctx.graceMargin;
  if (statement.grace < least) throw new AppError('GRACE_TOO_SHORT', `at least ${least} seconds`);
  if (Buffer.byteLength(canonicalJson(statement)) > LARGEST_BYTES) throw new AppError('STATEMENT_TOO_LARGE');
}

/** Each group stands in the statement as it is now, or was an hour ago, and large enough to hide its members in. */
async function requireCurrentRolls(ctx: Context, { rolls: headers }: StatementContext): Promise<void> {
  for (const [group, newest] of await readNewestRolls(ctx, [...headers.keys()])) {
    const header = headers.get(group) as RollHeader;
    if (!wasNewestRoll(header, [header, newest], ctx.now())) throw new AppError('ROLL_OUTDATED', quote(nameGroupsBy(headers)(group)));
    if (header.size < ANONYMITY_FLOOR)
      throw new AppError('GROUP_TOO_SMALL', `${quote(nameGroupsBy(headers)(group))} has ${header.size}, needed are ${ANONYMITY_FLOOR}`);
  }
}

async function storeStatement(ctx: Context, context: StatementContext, { openedBy, permit }: Admitted): Promise<boolean> {
  await requireRoom(ctx, ctx.db, context); // who finds none keeps nobody waiting
  return transactInLine(ctx, OPENING, async (tx) => {
    await holdRolls(ctx, tx, context);
    if (!(await insertStatement(ctx, tx, context, openedBy))) return false;
    if (permit) await spendPermit(tx, permit);
    return true;
  });
}

/** Puts a statement among those that are open, in a transaction of the caller's. @throws AppError BUSY when too many wait for their keys */
export async function insertStatement(ctx: Context, tx: Database, context: StatementContext, openedBy: OpenedBy): Promise<boolean> {
  const { id, statement, rolls: headers } = context;
  const { trustees } = statement.committee;
  await requireNotRefused(tx, id); // a draft may have waited for long
  await requireShownGroups(tx, headers);
  await holdRoom(ctx, tx, context);
  const row = {
    id,
    body: statement,
    headers: [...headers.values()],
    trustees: trustees.length,
    openedBy: openedBy.by,
    openedFor: openedBy.group,
    openBy: statement.openBy,
    destroyAt: statement.deadline + statement.grace,
  };
  const [added] = await tx.insert(statements).values(row).onConflictDoNothing().returning({ position: statements.position });
  if (!added) return false;
  await tx
    .insert(statementGroups)
    .values(statement.rolls.map(({ group, roll }) => ({ groupId: group, roll, position: added.position, statement: id })));
  await tx.insert(committeeMembers).values(trustees.map(({ key }, i) => ({ statement: id, trustee: i + 1, key })));
  return true;
}

function storeDraft(ctx: Context, context: StatementContext, { openedBy, permit }: Admitted): Promise<boolean> {
  const { id, statement, rolls } = context;
  return transactInLine(ctx, OPENING, async (tx) => {
    await holdRolls(ctx, tx, context);
    const { openBy } = statement;
    const row = { id, groupId: openedBy.group, body: statement, headers: [...rolls.values()], openBy, week: permit?.week ?? 0 };
    const added = await tx.insert(drafts).values(row).onConflictDoNothing().returning({ id: drafts.id });
    if (added.length === 0) return false;
    if (permit) await spendPermit(tx, permit);
    return true;
  });
}

/**
 * Judges the rolls again with the rows of their groups held: of a statement and a roll that come at once, above all one that is dated far
 * back, whichever comes second meets what the first has stored (`requireDate` of `publishRoll`). SPEC §4.2.
 */
async function holdRolls(ctx: Context, tx: Database, context: StatementContext): Promise<void> {
  const ids = [...context.rolls.keys()];
  await tx.select({ id: groups.id }).from(groups).where(inArray(groups.id, ids)).orderBy(groups.id).for('share');
  await requireCurrentRolls({ ...ctx, db: tx }, context);
}

/** The index decides between two that use one slot at once. */
async function spendPermit(tx: Database, permit: Permit): Promise<void> {
  const row = { nullifier: fieldOf(permit.nullifier), statement: permit.said.statement, week: permit.week, body: permit };
  const added = await tx.insert(permits).values(row).onConflictDoNothing().returning({ week: permits.week });
  if (added.length === 0) throw new AppError('SLOT_USED');
}
