import 'server-only';
import { eq, inArray } from '#db/drizzle.cjs';
import { groups, issuerProfiles } from '#db/schema/membership.ts';
import { checkProfile, type IssuerProfile } from '#lib/api/issuer-profile.ts';
import type { GroupSummary } from '#lib/api/shapes.ts';
import type { EndedKey } from '#lib/protocol/member/key-end.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { type GroupView, getGroupView, listGroupsOfKey, requireOwnKey } from '../groups/list.ts';
import { isHex32 } from '../statements/load.ts';
import { findEnds, findPredecessors } from './key-ends.ts';
import { type Keeper, logChange } from './log.ts';

/** What became of a domain: looked for never yet, proved in one of two ways, or not, and then since when no more. Unix seconds. */
export type DomainState = { provedBy: 'dns' | 'web' | null; provedAt: number | null; checkedAt: number | null };

/** On the page of an issuer: so many groups have their rolls there, and so many of each, however many it has published. */
const MOST_HISTORIES = 10;
const MOST_ROLLS_OF_EACH = 50;

/** What the public page of an issuer shows. */
export type IssuerView = {
  key: Hex32;
  profile: (IssuerProfile & DomainState) | null;
  /** Those that are not hidden, and how many are. */
  groups: GroupSummary[];
  hidden: number;
  /** The rolls of the first of them. */
  histories: GroupView[];
  /** How the key has ended; null while it has not. */
  end: EndedKey | null;
  /** Keys that this one follows, as each of them has signed. */
  follows: Hex32[];
};

/**
 * What the account has said of the issuer whose key it uses; null for nothing, as before the first group of a new key.
 * @throws AppError ISSUER_NOT_FOUND for a key whose groups others keep
 */
export async function getOwnProfile(ctx: Context, account: string, key: string): Promise<IssuerProfile | null> {
  if (!isHex32(key) || (await ctx.db.$count(groups, eq(groups.issuerKey, key))) === 0) return null;
  const profile = await findProfile(ctx, await requireOwnKey(ctx, account, key));
  if (profile === null) return null;
  const { name, about, contact, domain } = profile;
  return { name, about, contact, domain };
}

/**
 * Says anew who the issuer of a key is. A domain is looked at within a minute, and counts as not proved until then unless it is the same.
 * @throws AppError ISSUER_NOT_FOUND unless the account keeps a group of this key, BAD_SHAPE, BAD_PROFILE
 */
export async function saveProfile(ctx: Context, keeper: Keeper, key: string, value: unknown): Promise<void> {
  const own = await requireOwnKey(ctx, keeper.issuer, key);
  const profile = requireOk(checkProfile(value));
  const before = await findProfile(ctx, own);
  const { provedBy, provedAt } = before?.domain === profile.domain ? before : { provedBy: null, provedAt: null };
  const row = { ...profile, provedBy, provedAt, checkedAt: null };
  await ctx.db.transaction(async (tx) => {
    await tx
      .insert(issuerProfiles)
      .values({ key: own, ...row })
      .onConflictDoUpdate({ target: issuerProfiles.key, set: row });
    await logChange(tx, keeper, ctx.now(), { action: 'profile-saved' });
  });
}

/** @throws AppError ISSUER_NOT_FOUND for a key that no group here has */
export async function getIssuerView(ctx: Context, key: string): Promise<IssuerView> {
  const number = isHex32(key) ? await ctx.db.$count(groups, eq(groups.issuerKey, key)) : 0;
  if (!isHex32(key) || number === 0) throw new AppError('ISSUER_NOT_FOUND');
  const shown = await listGroupsOfKey(ctx, key);
  const histories: GroupView[] = [];
  for (const { id } of shown.slice(0, MOST_HISTORIES)) histories.push(await getGroupView(ctx, id, MOST_ROLLS_OF_EACH));
  const end = (await findEnds(ctx.db, [key])).get(key) ?? null;
  return {
    key,
    profile: await findProfile(ctx, key),
    groups: shown,
    hidden: number - shown.length,
    histories,
    end,
    follows: await findPredecessors(ctx, key),
  };
}

/** Name and contact of the issuers of these keys, for what their members read. */
export async function findContacts(ctx: Context, keys: readonly Hex32[]): Promise<Map<Hex32, { name: string; contact: string }>> {
  const rows =
    keys.length > 0
      ? await ctx.db
          .select()
          .from(issuerProfiles)
          .where(inArray(issuerProfiles.key, [...keys]))
      : [];
  return new Map(rows.map(({ key, name, contact }) => [key, { name, contact }]));
}

async function findProfile(ctx: Context, key: Hex32): Promise<(IssuerProfile & DomainState) | null> {
  const [row] = await ctx.db.select().from(issuerProfiles).where(eq(issuerProfiles.key, key));
  if (!row) return null;
  const { key: _, ...profile } = row;
  return profile;
}
