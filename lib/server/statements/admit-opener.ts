import 'server-only';
import { eq } from '#db/drizzle.cjs';
import { permits, refusals } from '#db/schema/board.ts';
import { workOf } from '#lib/api/work-stamp.ts';
import { parseProof } from '#lib/proof/proof.ts';
import { fieldOf } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type GroupRules, judgeOpening, type OpenedBy, STANDARD_RULES } from '#lib/protocol/permit/group-policy.ts';
import { checkPermit, isOpenWeek, type Permit, permitHash, permitSignals } from '#lib/protocol/permit/permit.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Context } from '../context.ts';
import { AppError, requireOk } from '../errors.ts';
import { readRules } from '../groups/policies.ts';

/**
 * Who asks: the account that keeps a group, which the route has made sure of, or a member of one, who shows a permit, with a `stamp` of
 * work for it (lib/api/work-stamp.ts), if any was done.
 */
export type Opener = { by: 'account'; group: Hex32 } | { by: 'member'; permit: unknown; stamp?: string | null };
/** Who may: `waits` for the approval of the issuer. */
export type Admitted = { openedBy: OpenedBy; permit: Permit | null; waits: boolean };

/**
 * Whether a statement that was checked may be opened by whoever asks; nothing is stored here. The proof, the one expensive check, comes
 * last. SPEC §5.10, §5.11.
 */
export async function admitOpener(ctx: Context, context: StatementContext, opener: Opener): Promise<Admitted> {
  const rules = await readRules(ctx, [...context.rolls.keys()]);
  const rulesOf = (group: Hex32) => rules.get(group) ?? STANDARD_RULES;
  if (opener.by === 'account') {
    requireOk(judgeOpening(context.rolls, opener, rulesOf));
    return { openedBy: { by: 'account', group: opener.group }, permit: null, waits: false };
  }
  const permit = requireOk(checkPermit(context, opener.permit));
  const openedBy = { by: 'member', group: permit.said.group } as const;
  if (!isOpenWeek(permit.week, ctx.now())) throw new AppError('PERMIT_WEEK');
  const { opening }: GroupRules = requireOk(judgeOpening(context.rolls, openedBy, rulesOf, permit.slot));
  await requireUnrefused(ctx, context.id);
  await requireFreeSlot(ctx, permit);
  await requireProven(ctx, context, permit, opener.stamp ?? null);
  return { openedBy, permit, waits: opening === 'approved' };
}

async function requireUnrefused(ctx: Context, id: Hex32): Promise<void> {
  const [refused] = await ctx.db.select({ reason: refusals.reason }).from(refusals).where(eq(refusals.statement, id));
  if (refused) throw new AppError('DRAFT_REFUSED', refused.reason);
}

async function requireFreeSlot(ctx: Context, { nullifier, said }: Permit): Promise<void> {
  const [used] = await ctx.db
    .select({ statement: permits.statement })
    .from(permits)
    .where(eq(permits.nullifier, fieldOf(nullifier)));
  if (used && used.statement !== said.statement) throw new AppError('SLOT_USED');
}

async function requireProven(ctx: Context, context: StatementContext, permit: Permit, stamp: string | null): Promise<void> {
  const proof = parseProof(permit.proof);
  if (!proof.ok) throw new AppError('INVALID_PROOF');
  const { verificationKey } = context.statement;
  const name = permitHash(permit);
  const toCheck = { name, verificationKey, proof: proof.value, publicSignals: permitSignals(context, permit) };
  // Permits share the queue with signatures as if they were of one statement more; among them more work goes first, or strangers would
  // keep every member from opening anything.
  if (!(await ctx.proofs.check({ ...toCheck, statement: 'permits', work: workOf(name, stamp) }))) throw new AppError('INVALID_PROOF');
}
