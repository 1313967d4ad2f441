import 'server-only';
import { alias, and, eq, exists, gt, lt, notExists, sql } from '#db/drizzle.cjs';
import { challengeGroups, challenges } from '#db/schema/asking.ts';
import { drafts, statementGroups } from '#db/schema/board.ts';
import { rolls } from '#db/schema/membership.ts';
import { RECENT_SECONDS } from '#lib/protocol/challenge/challenge.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Context } from '../context.ts';

/**
 * Erases leaves and hashes of capsules of a group's rolls that nothing needs any more: so long after the next one that nothing new can name
 * them, and named by no statement, whose record holds them, no draft and no challenge that can still be answered. Their headers stay: the
 * history is a chain of these. SPEC §4.4.
 */
export async function eraseLeaves({ db, now }: Context, group: Hex32): Promise<void> {
  const next = alias(rolls, 'next');
  const one = { one: sql`1` };
  const isNamedIn = (body: unknown) => sql`position(encode(${rolls.hash}, 'hex') in ${body}) > 0`;
  const followed = db
    .select(one)
    .from(next)
    .where(
      and(
        eq(next.groupId, rolls.groupId),
        eq(next.number, sql`${rolls.number} + 1`),
        lt(sql`(${next.header}::jsonb ->> 'time')::bigint`, now() - RECENT_SECONDS),
      ),
    );
  const ofStatement = db.select(one).from(statementGroups).where(eq(statementGroups.roll, rolls.hash));
  const ofDraft = db.select(one).from(drafts).where(isNamedIn(drafts.body));
  const ofChallenge = db
    .select(one)
    .from(challengeGroups)
    .innerJoin(challenges, eq(challenges.id, challengeGroups.challenge))
    .where(and(eq(challengeGroups.groupId, rolls.groupId), gt(challenges.expires, now()), isNamedIn(challenges.body)));
  const isLaidOut = gt(sql`octet_length(${rolls.file})`, 0);
  const isUnneeded = and(exists(followed), notExists(ofStatement), notExists(ofDraft), notExists(ofChallenge));
  const nothing = new Uint8Array();
  await db
    .update(rolls)
    .set({ file: nothing, names: nothing, capsules: null })
    .where(and(eq(rolls.groupId, group), isLaidOut, isUnneeded));
}
