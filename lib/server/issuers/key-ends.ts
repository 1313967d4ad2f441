import 'server-only';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import { asc, eq, gt, inArray } from '#db/drizzle.cjs';
import { endedKeys, groups } from '#db/schema/membership.ts';
import type { EndedKeyList } from '#lib/api/shapes.ts';
import { checkKeyEnd, type EndedKey, type KeyEnd } from '#lib/protocol/member/key-end.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { requireOwnKey } from '../groups/list.ts';
import { transactInLine } from '../in-line.ts';
import { type Keeper, logChange } from './log.ts';

const requestShape = z.strictObject({ message: z.unknown().optional() });
const CLOCK_SKEW_SECONDS = 300;
const LISTED_AT_ONCE = 500;

/**
 * Ends a key of which the account keeps groups: by the key's own message, or, without one, as revoked on the word of the account. The
 * same again changes nothing; a revocation takes the place of a successor, and a signed one that of one that is not. SPEC §4.8.
 * @throws AppError ISSUER_NOT_FOUND for a key of others, BAD_SHAPE, BAD_SUCCESSOR, SUCCESSOR_CONSENT, KEY_END_SIGNATURE, KEY_ENDED
 */
export async function endKey(ctx: Context, keeper: Keeper, value: string, body: unknown): Promise<void> {
  const key = await requireOwnKey(ctx, keeper.issuer, value);
  const message = readMessage(ctx, key, requireOk(checkShape(requestShape, body)).message);
  await transactInLine(ctx, `issuer ${keeper.issuer}`, async (tx) => {
    // Whoever publishes a roll of this key waits, or is waited for.
    await tx.select({ id: groups.id }).from(groups).where(eq(groups.issuerKey, key)).for('update');
    if (message?.type === 'issuer-successor') await requireLiveKeys(tx, [message.successor], 'BAD_SUCCESSOR');
    const [before] = await tx.select({ message: endedKeys.message }).from(endedKeys).where(eq(endedKeys.key, key)).for('update');
    if (before && isSame(before.message, message)) return;
    if (before && weightOf(message) <= weightOf(before.message)) throw new AppError('KEY_ENDED');
    const row = { at: ctx.now(), message, successor: message?.type === 'issuer-successor' ? message.successor : null };
    await tx
      .insert(endedKeys)
      .values({ key, ...row })
      .onConflictDoUpdate({ target: endedKeys.key, set: row });
    await logChange(tx, keeper, ctx.now(), { action: message?.type === 'issuer-successor' ? 'key-replaced' : 'key-revoked' });
  });
}

function readMessage(ctx: Context, key: Hex32, value: unknown): KeyEnd | null {
  if (value === undefined) return null;
  const message = requireOk(checkKeyEnd(value));
  if (message.issuer !== key) throw new AppError('KEY_END_SIGNATURE', 'it ends another key');
  if (message.time > ctx.now() + CLOCK_SKEW_SECONDS) throw new AppError('BAD_TIMES', 'the clock of this device is ahead');
  return message;
}

/** No end becomes milder: a successor, then a revocation by the account alone, then one that the key has signed. */
function weightOf(message: KeyEnd | null): number {
  if (message === null) return 2;
  return message.type === 'issuer-successor' ? 1 : 3;
}

function isSame(before: KeyEnd | null, message: KeyEnd | null): boolean {
  return before === null || message === null ? before === message : canonicalJson(before) === canonicalJson(message);
}

/** @throws AppError `code` if one of the keys has ended, so that nothing new is made with it (T82) */
export async function requireLiveKeys(
  db: Database,
  keys: readonly Hex32[],
  code: 'ISSUER_KEY_ENDED' | 'BAD_SUCCESSOR' = 'ISSUER_KEY_ENDED',
): Promise<void> {
  if ((await findEnds(db, keys)).size > 0) throw new AppError(code);
}

/** The issuers' keys of the rolls of a statement or challenge. */
export function issuersOf(rolls: ReadonlyMap<Hex32, RollHeader>): Hex32[] {
  return [...rolls.values()].map(({ group }) => group.issuer);
}

/** What is listed of those of these keys that have ended. */
export async function findEnds(db: Database, keys: readonly Hex32[]): Promise<Map<Hex32, EndedKey>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .select()
    .from(endedKeys)
    .where(inArray(endedKeys.key, [...new Set(keys)]));
  return new Map(rows.map((row) => [row.key, describeEnd(row)]));
}

/** Keys that this one follows, each of which has signed so. */
export async function findPredecessors(ctx: Context, key: Hex32): Promise<Hex32[]> {
  const rows = await ctx.db.select({ key: endedKeys.key }).from(endedKeys).where(eq(endedKeys.successor, key)).orderBy(endedKeys.position);
  return rows.map((row) => row.key);
}

/** Every key that has ended, in the order in which they did: the same list for everybody. */
export async function listEndedKeys(ctx: Context, after: number): Promise<EndedKeyList> {
  const rows = await ctx.db
    .select()
    .from(endedKeys)
    .where(gt(endedKeys.position, after))
    .orderBy(asc(endedKeys.position))
    .limit(LISTED_AT_ONCE + 1);
  const shown = rows.slice(0, LISTED_AT_ONCE);
  const next = rows.length > shown.length ? shown.at(-1)?.position : undefined;
  return { keys: shown.map(describeEnd), ...(next === undefined ? {} : { next }) };
}

function describeEnd({ key, at, message }: { key: Hex32; at: number; message: KeyEnd | null }): EndedKey {
  return { issuer: key, time: at, ...(message === null ? {} : { message }) };
}
