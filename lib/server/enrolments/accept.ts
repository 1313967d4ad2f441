import 'server-only';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { and, eq } from '#db/drizzle.cjs';
import { groups, invitations } from '#db/schema/membership.ts';
import { enrolmentShape, enrolmentTicket } from '#lib/protocol/member/enrolment.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { requireLiveKeys } from '../issuers/key-ends.ts';

/**
 * Takes a member's answer to an invitation: a commitment, sealed for the issuer. Who sends it and when is not kept. The same
 * answer again changes nothing. @throws AppError UNKNOWN_INVITATION, ALREADY_ENROLLED, ISSUER_KEY_ENDED
 */
export async function acceptEnrolment(ctx: Context, value: unknown): Promise<{ isNew: boolean }> {
  const { id, ciphertext } = requireOk(checkShape(enrolmentShape, value));
  const ticket = enrolmentTicket(id);
  await requireLiveIssuer(ctx, ticket);
  const answered = await ctx.db
    .update(invitations)
    .set({ state: 'accepted', enrolmentId: id, ciphertext: hexToBytes(ciphertext) })
    .where(and(eq(invitations.ticket, ticket), eq(invitations.state, 'invited')))
    .returning({ ticket: invitations.ticket });
  if (answered.length > 0) return { isNew: true };
  const [present] = await ctx.db.select().from(invitations).where(eq(invitations.ticket, ticket));
  if (!present || present.state === 'withdrawn') throw new AppError('UNKNOWN_INVITATION');
  if (present.ciphertext === null || bytesToHex(present.ciphertext) !== ciphertext) throw new AppError('ALREADY_ENROLLED');
  return { isNew: false };
}

/** Whoever answers is told that no roll will ever take them in. */
async function requireLiveIssuer(ctx: Context, ticket: Hex32): Promise<void> {
  const [invited] = await ctx.db
    .select({ issuer: groups.issuerKey })
    .from(invitations)
    .innerJoin(groups, eq(groups.id, invitations.groupId))
    .where(eq(invitations.ticket, ticket));
  if (invited) await requireLiveKeys(ctx.db, [invited.issuer]);
}
