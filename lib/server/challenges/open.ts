import 'server-only';
import { eq, sql } from '#db/drizzle.cjs';
import { challengeGroups, challenges } from '#db/schema/asking.ts';
import { type AskerDomainState, askerDomain } from '#lib/api/asker-domain.ts';
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
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import { ANONYMITY_FLOOR, type RollHeader } from '#lib/protocol/member/roll.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { transactInLine } from '../in-line.ts';
import { issuersOf, requireLiveKeys } from '../issuers/key-ends.ts';
import { requireShownGroups } from '../moderation/require.ts';
import { readNewestRolls, readRollHeaders } from '../rolls/read.ts';
import { findAskerProof, isScarce, readPlaces, requirePlaces, workForPlaces } from './places.ts';

/** The longest time for answers. */
const LONGEST_SECONDS = 90 * 86_400;
const LOCK = 'round-robin-challenges';

/**
 * Takes a challenge in, from anybody who has a key: who that is, nobody knows. It is listed for each of its groups until it expires,
 * and counted for its asker's key until it is erased. The same challenge again changes nothing. SPEC §14.5.
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
  await requireLiveKeys(ctx.db, issuersOf(context.rolls));
  await requireShownGroups(ctx.db, context.rolls);
  requireWork(context, stamp, CHALLENGE_WORK); // before anything is counted
  const taken = await readPlaces(ctx.db, context, ctx.now());
  requireWork(context, stamp, workForPlaces(taken.map(({ open }) => open)));
  const proof = await findAskerProof(ctx, context, isScarce(taken));
  requirePlaces(taken, Boolean(proof?.provedBy), challenge.expires - ctx.now()); // who finds none keeps nobody waiting
  return { isNew: await storeChallenge(ctx, context, proof) };
}

function requireWork({ id }: ChallengeContext, stamp: string | null, work: number): void {
  if (workOf(id, stamp) < work) throw new AppError('BUSY', 'a challenge costs some work', 1, work);
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
    if (!isRecentRoll(header, newest, ctx.now())) throw new AppError('ROLL_OUTDATED', quote(nameGroupsBy(headers)(group)));
    if (header.size < ANONYMITY_FLOOR)
      throw new AppError('GROUP_TOO_SMALL', `${quote(nameGroupsBy(headers)(group))} has ${header.size}, needed are ${ANONYMITY_FLOOR}`);
  }
}

function storeChallenge(ctx: Context, context: ChallengeContext, proof: AskerDomainState | null): Promise<boolean> {
  const { id, challenge, rolls: headers } = context;
  const groups = [...headers.keys()];
  return transactInLine(ctx, LOCK, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`);
    const taken = await readPlaces(tx, context, ctx.now());
    requirePlaces(taken, Boolean(proof?.provedBy), challenge.expires - ctx.now());
    const row = {
      id,
      asker: challenge.asker.key,
      expires: challenge.expires,
      body: challenge,
      headers: [...headers.values()],
      domain: askerDomain(challenge.asker.name),
      ...proof,
    };
    const added = await tx.insert(challenges).values(row).onConflictDoNothing().returning({ id: challenges.id });
    if (added.length === 0) return false;
    await tx.insert(challengeGroups).values(groups.map((groupId) => ({ groupId, challenge: id })));
    return true;
  });
}
