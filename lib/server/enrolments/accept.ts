import 'server-only';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { and, eq } from 'drizzle-orm';
import { invitations } from '#db/schema/membership.ts';
import { enrolmentShape, enrolmentTicket } from '#lib/protocol/member/enrolment.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';

/**
 * Takes a member's answer to an invitation: a commitment, sealed for the issuer. Who sends it and when is not kept. The same
 * answer again changes nothing. @throws AppError UNKNOWN_INVITATION, ALREADY_ENROLLED
 */
export async function acceptEnrolment(ctx: Context, value: unknown): Promise<{ isNew: boolean }> {
  const { id, ciphertext } = requireOk(checkShape(enrolmentShape, value));
  const ticket = enrolmentTicket(id);
  const answered = await ctx.db
    .update(invitations)
    .set({ state: 'accepted', enrolmentId: id, ciphertext: hexToBytes(ciphertext) })
    .where(and(eq(invitations.ticket, ticket), eq(invitations.state, 'invited')))
    .returning({ ticket: invitations.ticket });
  if (answered.length > 0) return { isNew: true };
  const [present] = await ctx.db.select().from(invitations).where(eq(invitations.ticket, ticket));
  if (!present) throw new AppError('UNKNOWN_INVITATION');
  if (present.ciphertext === null || bytesToHex(present.ciphertext) !== ciphertext) throw new AppError('ALREADY_ENROLLED');
  return { isNew: false };
}
