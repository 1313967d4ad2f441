import 'server-only';
import { eq } from 'drizzle-orm';
import { committeeMembers, statementGroups, statements } from '#db/schema/board.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import { ANONYMITY_FLOOR, type RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { checkShownTexts, checkStatement, leastGrace, type StatementContext, statementShape } from '#lib/protocol/statement/statement.ts';
import { totalOf } from '#lib/protocol/statement/trigger.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { issuersOf, requireLiveKeys } from '../issuers/key-ends.ts';
import { readNewestRolls, readRollHeaders } from '../rolls/read.ts';
import { requireNear, requireRoom } from './keying-room.ts';

const LARGEST_BYTES = 65_536;
const LONGEST_LIFE_SECONDS = 5 * 365 * 86_400;

/**
 * Takes a statement in, from anybody: its author need not be known. Its committee then makes the key, and it opens for
 * signatures as soon as that is done. The same statement again changes nothing. SPEC §5.3.
 */
export async function openStatement(ctx: Context, value: unknown): Promise<{ id: Hex32; isNew: boolean }> {
  const statement = requireOk(checkShape(statementShape, value));
  const headers = await readRollHeaders(
    ctx,
    statement.rolls.map(({ roll }) => roll),
  );
  const context = requireOk(checkStatement(statement, headers));
  const [known] = await ctx.db.select({ id: statements.id }).from(statements).where(eq(statements.id, context.id));
  if (known) return { id: context.id, isNew: false };
  requireOk(checkShownTexts(statement));
  requireOurs(ctx, context);
  if (statement.deadline > ctx.now() + LONGEST_LIFE_SECONDS) throw new AppError('BAD_TIMES', 'the deadline must lie within five years');
  requireNear(ctx, context);
  await requireCurrentRolls(ctx, context);
  await requireLiveKeys(ctx.db, issuersOf(context.rolls));
  return { id: context.id, isNew: await storeStatement(ctx, context) };
}

function requireOurs(ctx: Context, { statement, sizes }: StatementContext): void {
  const key = currentKey(ctx.manifest);
  if (statement.platform !== ctx.platformKey) throw new AppError('BAD_PLATFORM');
  if (statement.verificationKey !== key.verificationKey || statement.setup !== key.transcript) throw new AppError('KEY_NOT_CURRENT');
  const least = leastGrace(statement, totalOf(sizes)) + ctx.graceMargin;
  if (statement.grace < least) throw new AppError('GRACE_TOO_SHORT', `at least ${least} seconds`);
  if (Buffer.byteLength(canonicalJson(statement)) > LARGEST_BYTES) throw new AppError('STATEMENT_TOO_LARGE');
}

/** Each group stands in the statement as it is now, and large enough to hide its members in. */
async function requireCurrentRolls(ctx: Context, { rolls: headers }: StatementContext): Promise<void> {
  for (const [group, newest] of await readNewestRolls(ctx, [...headers.keys()])) {
    const header = headers.get(group) as RollHeader;
    if (header.number !== newest.number) throw new AppError('ROLL_OUTDATED', header.group.name);
    if (header.size < ANONYMITY_FLOOR)
      throw new AppError('GROUP_TOO_SMALL', `${header.group.name} has ${header.size}, needed are ${ANONYMITY_FLOOR}`);
  }
}

function storeStatement(ctx: Context, context: StatementContext): Promise<boolean> {
  const { id, statement, rolls: headers } = context;
  const { trustees } = statement.committee;
  return ctx.db.transaction(async (tx) => {
    await requireRoom(ctx, tx, context);
    const row = {
      id,
      body: statement,
      headers: [...headers.values()],
      trustees: trustees.length,
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
  });
}
