import 'server-only';
import { bytesToHex } from '@noble/hashes/utils.js';
import { asc, eq } from 'drizzle-orm';
import { invitations } from '#db/schema/membership.ts';
import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import type { Context } from '../context.ts';
import { requireOwnGroup } from '../groups/list.ts';

/** The invitations of a group that the account keeps, with what members answered and no roll has taken in yet; by ticket. */
export async function listEnrolments(ctx: Context, issuer: string, id: string): Promise<EnrolmentList['enrolments']> {
  await requireOwnGroup(ctx, issuer, id);
  const rows = await ctx.db.select().from(invitations).where(eq(invitations.groupId, id)).orderBy(asc(invitations.ticket));
  return rows.map(({ ticket, state, enrolmentId, ciphertext }) => ({
    ticket,
    state,
    ...(enrolmentId === null || ciphertext === null ? {} : { id: enrolmentId, ciphertext: bytesToHex(ciphertext) }),
  }));
}
