import 'server-only';
import { bytesToHex } from '@noble/hashes/utils.js';
import { and, asc, eq, gt, sql } from '#db/drizzle.cjs';
import { invitations } from '#db/schema/membership.ts';
import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { requireOwnGroup } from '../groups/list.ts';
import { isHex32 } from '../statements/load.ts';

const LISTED_AT_ONCE = 2_000;

/**
 * Invitations of a group that the account keeps, with what members answered and no roll has taken in yet, by ticket: those after a ticket,
 * or all from the first on; with the state `accepted`, only what waits for a roll, however many are used. @throws AppError BAD_QUERY
 */
export async function listEnrolments(
  ctx: Context,
  issuer: string,
  id: string,
  { after, state }: { after: string | null; state: string | null },
): Promise<EnrolmentList> {
  await requireOwnGroup(ctx, issuer, id);
  if (after !== null && !isHex32(after)) throw new AppError('BAD_QUERY', 'after is the ticket of an invitation');
  if (state !== null && state !== 'accepted') throw new AppError('BAD_QUERY', 'state is accepted, or nothing');
  const isAsked = and(
    eq(invitations.groupId, id),
    after === null ? undefined : gt(invitations.ticket, after),
    state === null ? undefined : sql`${invitations.state} = 'accepted'`, // word for word as in the index
  );
  const rows = await ctx.db
    .select()
    .from(invitations)
    .where(isAsked)
    .orderBy(asc(invitations.ticket))
    .limit(LISTED_AT_ONCE + 1);
  const shown = rows.slice(0, LISTED_AT_ONCE);
  const next = rows.length > shown.length ? shown.at(-1)?.ticket : undefined;
  const enrolments = shown.map(({ ticket, state: its, enrolmentId, ciphertext }) => ({
    ticket,
    state: its,
    ...(enrolmentId === null || ciphertext === null ? {} : { id: enrolmentId, ciphertext: bytesToHex(ciphertext) }),
  }));
  return { enrolments, ...(next === undefined ? {} : { next }) };
}
