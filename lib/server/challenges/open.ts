import 'server-only';
import { and, count, eq, gte, inArray, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { challengeGroups, challenges } from '#db/schema/asking.ts';
import { askerDomain } from '#lib/api/asker-domain.ts';
import { MOST_OPEN_CHALLENGES } from '#lib/api/shapes.ts';
import { CHALLENGE_WORK, workOf } from '#lib/api/work-stamp.ts';
import { currentKey } from '#lib/proof/manifest.ts';
import {
  type Challenge,
  type ChallengeContext,
  challengeShape,
  checkChallenge,
  checkShownPurpose,
  isRecentRoll,
} from '#lib/protocol/challenge/challenge.ts';
import { ANONYMITY_FLOOR, type RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { readNewestRolls, readRollHeaders } from '../rolls/read.ts';

/** The longest time for answers. */
const LONGEST_SECONDS = 90 * 86_400;
const LOCK = 'round-robin-challenges';

/**
 * Takes a challenge in, from anybody who has a key: who that is, nobody knows. It is listed for each of its groups until it expires,
 * and counted for its asker's key for ever. The same challenge again changes nothing. SPEC §14.5.
 * @param stamp of work for the challenge (lib/api/work-stamp.ts)
 */
export async function openChallenge(ctx: Context, value: unknown, stamp: string | null): Promise<{ isNew: boolean }> {
  const challenge = requireOk(checkShape(challengeShape, value));
  const headers = await readRollHeaders(
    ctx,
    challenge.rolls.map(({ roll }) => roll),
  );
  const context = requireOk(checkChallenge(challenge, headers));
  const [known] = await ctx.db.select({ id: challenges.id }).from(challenges).where(eq(challenges.id, context.id));
  if (known) return { isNew: false };
  requireOk(checkShownPurpose(challenge));
  requireUsable(ctx, challenge);
  await requireRecentRolls(ctx, context);
  if (workOf(context.id, stamp) < CHALLENGE_WORK) throw new AppError('BUSY', 'a challenge costs some work', 1, CHALLENGE_WORK);
  return { isNew: await storeChallenge(ctx, context) };
}

function requireUsable(ctx: Context, { verificationKey, setup, expires }: Challenge): void {
  const key = currentKey(ctx.manifest);
  if (verificationKey !== key.verificationKey || setup !== key.transcript) throw new AppError('KEY_NOT_CURRENT');
  if (expires <= ctx.now()) throw new AppError('BAD_TIMES', 'the time to answer has passed');
  if (expires > ctx.now() + LONGEST_SECONDS) throw new AppError('BAD_TIMES', 'the time to answer must end within 90 days');
}

/** What wallets would refuse is not listed: rolls that are neither the newest nor recent, and those too small to hide anybody. */
async function requireRecentRolls(ctx: Context, { rolls: headers }: ChallengeContext): Promise<void> {
  for (const [group, newest] of await readNewestRolls(ctx, [...headers.keys()])) {
    const header = headers.get(group) as RollHeader;
    if (!isRecentRoll(header, newest, ctx.now())) throw new AppError('ROLL_OUTDATED', header.group.name);
    if (header.size < ANONYMITY_FLOOR)
      throw new AppError('GROUP_TOO_SMALL', `${header.group.name} has ${header.size}, needed are ${ANONYMITY_FLOOR}`);
  }
}

function storeChallenge(ctx: Context, { id, challenge, rolls: headers }: ChallengeContext): Promise<boolean> {
  const groups = [...headers.keys()];
  return ctx.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`);
    await requirePlaces(ctx, tx, groups);
    const row = {
      id,
      asker: challenge.asker.key,
      expires: challenge.expires,
      body: challenge,
      headers: [...headers.values()],
      domain: askerDomain(challenge.asker.name),
    };
    const added = await tx.insert(challenges).values(row).onConflictDoNothing().returning({ id: challenges.id });
    if (added.length === 0) return false;
    await tx.insert(challengeGroups).values(groups.map((groupId) => ({ groupId, challenge: id })));
    return true;
  });
}

/** @throws AppError CHALLENGES_FULL when one of the groups has as many open challenges as its list holds */
async function requirePlaces(ctx: Context, tx: Database, groups: readonly Hex32[]): Promise<void> {
  const rows = await tx
    .select({ group: challengeGroups.groupId, open: count() })
    .from(challengeGroups)
    .innerJoin(challenges, eq(challenges.id, challengeGroups.challenge))
    .where(and(inArray(challengeGroups.groupId, [...groups]), gte(challenges.expires, ctx.now())))
    .groupBy(challengeGroups.groupId);
  if (rows.some(({ open }) => open >= MOST_OPEN_CHALLENGES)) throw new AppError('CHALLENGES_FULL');
}
