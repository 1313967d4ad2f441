// SPEC §14.5: the places in the lists of groups, what one costs, and how many of them one asker can take
import 'server-only';
import type { Database } from '#db/client.ts';
import { and, eq, gte, inArray, isNotNull, type SQL, sql } from '#db/drizzle.cjs';
import { challengeGroups, challenges } from '#db/schema/asking.ts';
import { type AskerDomainState, askerDomain, askerProof } from '#lib/api/asker-domain.ts';
import { MOST_OPEN_CHALLENGES } from '#lib/api/shapes.ts';
import { CHALLENGE_WORK, MOST_WORK } from '#lib/api/work-stamp.ts';
import type { ChallengeContext } from '#lib/protocol/challenge/challenge.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { lookAt } from '../domains/check-domains.ts';
import { AppError } from '../errors.ts';

/** Of the places of a group, those that are open to askers whose name is no proved domain: anybody can be as many of those as they like. */
export const MOST_UNPROVED = MOST_OPEN_CHALLENGES / 2;
/** From so many of those on, whoever takes one may keep it for a week. */
export const CROWDED = MOST_UNPROVED / 2;
const CROWDED_SECONDS = 7 * 86_400;
/** Of the places of a group, those that one key can take, and those that the domains under one pair of last labels can. */
export const MOST_OF_ONE_KEY = 10;
export const MOST_OF_ONE_SITE = 20;
/** Each time that so many places more are taken, the next one costs twice the work. */
const DOUBLED_EVERY = 25;
const LOOKS_AT_ONCE = 4;

/** What is taken of a group's list, as far as it concerns one asker. */
export type TakenPlaces = { open: number; unproved: number; ofKey: number; ofSite: number };

/**
 * Bits of work for a place in each of the lists of which so many places are taken: the sum of what each costs. Never more than clients
 * do, so that work alone turns nobody away.
 */
export function workForPlaces(open: readonly number[]): number {
  const hashes = open.reduce((sum, taken) => sum + 2 ** (CHALLENGE_WORK + Math.floor(taken / DOUBLED_EVERY)), 0);
  return Math.min(MOST_WORK, Math.ceil(Math.log2(hashes)));
}

/** What is taken in the list of each of the groups that a challenge names. */
export async function readPlaces(db: Database, { challenge, rolls }: ChallengeContext, now: number): Promise<TakenPlaces[]> {
  const domain = askerDomain(challenge.asker.name);
  const isProved = isNotNull(challenges.provedBy);
  const counted = (what: SQL | undefined) => sql<number>`count(*) filter (where ${what})`.mapWith(Number);
  const rows = await db
    .select({
      group: challengeGroups.groupId,
      open: counted(sql`true`),
      unproved: counted(sql`not ${isProved}`),
      ofKey: counted(eq(challenges.asker, challenge.asker.key)),
      ofSite: counted(domain === null ? sql`false` : and(isProved, isOfSite(siteOf(domain)))),
    })
    .from(challengeGroups)
    .innerJoin(challenges, eq(challenges.id, challengeGroups.challenge))
    .where(and(inArray(challengeGroups.groupId, [...rolls.keys()]), gte(challenges.expires, now)))
    .groupBy(challengeGroups.groupId);
  const byGroup = new Map<Hex32, TakenPlaces>(rows.map(({ group, ...taken }) => [group, taken]));
  return [...rolls.keys()].map((group) => byGroup.get(group) ?? { open: 0, unproved: 0, ofKey: 0, ofSite: 0 });
}

/**
 * Whether the lists have room for a challenge that expires then.
 * @throws AppError CHALLENGES_FULL, or BAD_TIMES when it would keep its place for too long
 */
export function requirePlaces(taken: readonly TakenPlaces[], isProved: boolean, seconds: number): void {
  const isAny = (test: (one: TakenPlaces) => boolean) => taken.some(test);
  if (isAny(({ open }) => open >= MOST_OPEN_CHALLENGES)) throw full(`all ${MOST_OPEN_CHALLENGES} places are taken; wait until one is free`);
  if (isAny(({ ofKey }) => ofKey >= MOST_OF_ONE_KEY)) throw full(`one key has at most ${MOST_OF_ONE_KEY} places`);
  if (isProved) {
    if (isAny(({ ofSite }) => ofSite >= MOST_OF_ONE_SITE)) throw full(`domains of one site have at most ${MOST_OF_ONE_SITE} places`);
    return;
  }
  if (isAny(({ unproved }) => unproved >= MOST_UNPROVED))
    throw full(`the other places are kept for askers whose name is a domain that names their key`);
  if (seconds > CROWDED_SECONDS && isAny(({ unproved }) => unproved >= CROWDED))
    throw new AppError('BAD_TIMES', 'many ask one of these groups: choose at most 7 days, or prove that your name is your domain');
}

/**
 * The proof of an asker's name with which its challenge is stored: that of its other open challenges, which are looked at each day.
 * Where places are scarce the domain is looked at now; elsewhere nobody waits for that.
 * @returns null while nothing is known to prove the name
 * @throws AppError BUSY while others are being looked at
 */
export async function findAskerProof(ctx: Context, { challenge }: ChallengeContext, isNeeded: boolean): Promise<AskerDomainState | null> {
  const { key, name } = challenge.asker;
  const domain = askerDomain(name);
  if (domain === null) return null;
  const { asker, provedBy, provedAt, checkedAt, expires } = challenges;
  const [known] = await ctx.db
    .select({ provedBy, provedAt, checkedAt })
    .from(challenges)
    .where(and(eq(asker, key), eq(challenges.domain, domain), isNotNull(provedBy), gte(expires, ctx.now())))
    .limit(1);
  if (known || !isNeeded) return known ?? null;
  const found = await ctx.slots.hold('asker domains', LOOKS_AT_ONCE, () => lookAt(ctx, domain, askerProof(key)));
  return { provedAt: null, ...found };
}

export function isScarce(taken: readonly TakenPlaces[]): boolean {
  return taken.some(({ unproved }) => unproved >= CROWDED);
}

/** The last two labels: what somebody pays for, but for public suffixes of two labels, whose domains share their places. */
function siteOf(domain: string): string {
  return domain.split('.').slice(-2).join('.');
}

function isOfSite(site: string): SQL {
  return sql`(${challenges.domain} = ${site} or right(${challenges.domain}, ${site.length + 1}) = ${`.${site}`})`;
}

function full(detail: string): AppError {
  return new AppError('CHALLENGES_FULL', detail);
}
