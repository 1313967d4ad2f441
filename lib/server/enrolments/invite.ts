import 'server-only';
import { z } from 'zod';
import { and, eq, inArray, ne } from '#db/drizzle.cjs';
import { invitations } from '#db/schema/membership.ts';
import { checkShape, hex32 } from '#lib/protocol/messages/shape.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { requireOwnGroup } from '../groups/list.ts';
import { requireLiveKeys } from '../issuers/key-ends.ts';
import { type Keeper, logChange } from '../issuers/log.ts';

const ticketsShape = z.strictObject({ tickets: z.array(hex32).min(1).max(65_536) });
const ROWS_AT_ONCE = 10_000;
/** Five times the fullest roster: those that were used or withdrawn stay known. */
const MOST_OF_GROUP = 500_000;

/**
 * Takes the tickets of invitations: hashes of what only their holders can form, stored in their own order and not in that of a
 * roster. Tickets that are there already are passed over, and so are those that were withdrawn: whoever hands them in again has an old
 * keystore. @throws AppError TICKET_TAKEN when one belongs to another group, TOO_MANY_INVITATIONS
 */
export async function addInvitations(ctx: Context, keeper: Keeper, id: string, value: unknown): Promise<{ added: number }> {
  const group = await requireOwnGroup(ctx, keeper.issuer, id);
  await requireLiveKeys(ctx.db, [group.issuer]);
  const { tickets } = requireOk(checkShape(ticketsShape, value));
  return ctx.db.transaction(async (tx) => {
    let added = 0;
    for (const part of inParts([...new Set(tickets)].sort())) {
      const rows = part.map((ticket) => ({ ticket, groupId: group.id }));
      const inserted = await tx.insert(invitations).values(rows).onConflictDoNothing().returning({ ticket: invitations.ticket });
      const foreign = await tx
        .select({ ticket: invitations.ticket })
        .from(invitations)
        .where(and(inArray(invitations.ticket, part), ne(invitations.groupId, group.id)))
        .limit(1);
      if (foreign.length > 0) throw new AppError('TICKET_TAKEN');
      added += inserted.length;
    }
    if ((await tx.$count(invitations, eq(invitations.groupId, group.id))) > MOST_OF_GROUP) throw new AppError('TOO_MANY_INVITATIONS');
    if (added > 0) await logChange(tx, keeper, ctx.now(), { action: 'invitations-added', group: group.id, count: added });
    return { added };
  });
}

/** Withdraws invitations that nobody has answered, for good; answered ones stay. */
export async function withdrawInvitations(ctx: Context, keeper: Keeper, id: string, value: unknown): Promise<{ withdrawn: number }> {
  const group = await requireOwnGroup(ctx, keeper.issuer, id);
  const { tickets } = requireOk(checkShape(ticketsShape, value));
  return ctx.db.transaction(async (tx) => {
    let withdrawn = 0;
    for (const part of inParts(tickets)) {
      const gone = await tx
        .update(invitations)
        .set({ state: 'withdrawn' })
        .where(and(eq(invitations.groupId, group.id), eq(invitations.state, 'invited'), inArray(invitations.ticket, part)))
        .returning({ ticket: invitations.ticket });
      withdrawn += gone.length;
    }
    if (withdrawn > 0) await logChange(tx, keeper, ctx.now(), { action: 'invitations-withdrawn', group: group.id, count: withdrawn });
    return { withdrawn };
  });
}

function inParts<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / ROWS_AT_ONCE) }, (_, i) => list.slice(i * ROWS_AT_ONCE, (i + 1) * ROWS_AT_ONCE));
}
