// SPEC §5.10: the permit, with which a member shows that it may open a statement
import { z } from 'zod';
import { checkSealed, type Proven, proofShape, publicSignals } from '../board/signature.ts';
import { membershipKey } from '../challenge/membership-key.ts';
import { type RollHeader, rollHash } from '../member/roll.ts';
import { type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashHex, hashToField } from '../messages/hash.ts';
import { checkShape, fieldText, hex32, pointText } from '../messages/shape.ts';
import type { Field } from '../numbers/field.ts';
import type { StatementContext } from '../statement/statement.ts';
import { MOST_QUOTA } from './group-policy.ts';

const WEEK_SECONDS = 7 * 86_400;
/** Seconds for which the week before is taken, and seconds for which the roll before is. */
const LATE_WEEK_SECONDS = 600;
const LATE_ROLL_SECONDS = 3_600;
/** Seconds after the end of its week at which a permit is erased, with its nullifier. */
const KEPT_SECONDS = 86_400;
/** The last week that ends before the year 10000. */
const LAST_WEEK = 418_984;

export const permitShape = z.strictObject({
  type: z.literal('permit'),
  week: z.int().min(0).max(LAST_WEEK),
  slot: z
    .int()
    .min(0)
    .max(MOST_QUOTA - 1),
  said: z.strictObject({ action: z.literal('open'), group: hex32, statement: hex32 }),
  nullifier: fieldText,
  ephemeral: pointText,
  sealed: pointText,
  proof: proofShape,
});
/**
 * "I am a member of this group, and open this statement as the one of this slot and week": for platform and committee alone, and only
 * until a day after the week. Whoever has the member's secret finds its permits, but nothing that is public.
 */
export type Permit = z.infer<typeof permitShape>;
export type PermitFailure = 'BAD_SHAPE' | 'OTHER_STATEMENT' | 'UNKNOWN_GROUP' | 'BAD_POINT' | 'SEAL_OPEN_TO_ALL';

/** Weeks are counted from 1970-01-01T00:00:00Z, a Thursday. `now` in Unix seconds. */
export function weekOf(now: number): number {
  return Math.floor(now / WEEK_SECONDS);
}

/** Whether a permit of that week is taken: it is this one, or the one before for ten minutes more. */
export function isOpenWeek(week: number, now: number): boolean {
  return week === weekOf(now) || week === weekOf(now - LATE_WEEK_SECONDS);
}

/** When a week begins, Unix seconds. */
export function startOfWeek(week: number): number {
  return week * WEEK_SECONDS;
}

/** The first week whose permits are still kept: those of earlier ones are erased with their nullifiers. `now` in Unix seconds. */
export function firstKeptWeek(now: number): number {
  return weekOf(now - KEPT_SECONDS);
}

/** Whether a permit may be of that week for who checks it later: it has begun, ten minutes allowed, and is not erased yet. */
export function isKeptWeek(week: number, now: number): boolean {
  return week >= firstKeptWeek(now) && week <= weekOf(now + LATE_WEEK_SECONDS);
}

/** The hash that names a permit. Covers the proof. */
export function permitHash(permit: Permit): Hex32 {
  return hashHex('permit', permit);
}

/** The scope of one slot: of another platform, group, week or slot the nullifier is unrelated. SPEC §5.10. */
export function permitScope(platform: Hex32, group: Hex32, week: number, slot: number): Field {
  return hashToField('open', { platform, group, week, slot });
}

/** What is said beside the scope: which statement it is, so that nobody puts another in its place. */
export function sayOpen(group: Hex32, statement: Hex32): Permit['said'] {
  return { action: 'open', group, statement };
}

/**
 * Checks everything about a permit but week, slot, roll and proof: its shape, that it is for this statement and for one of its groups, and
 * the two points of its seal. SPEC §5.10.
 */
export function checkPermit(context: Pick<StatementContext, 'id' | 'rolls'>, value: unknown): Checked<Permit, PermitFailure> {
  const shaped = checkShape(permitShape, value);
  if (!shaped.ok) return shaped;
  if (shaped.value.said.statement !== context.id) return refuse('OTHER_STATEMENT', 'the permit is for another statement');
  const sealed = checkSealed(context.rolls, shaped.value);
  return sealed.ok ? shaped : sealed;
}

/**
 * The signals that the proof of a permit must have. Platform, statement, root and depth come from the verifier's own statement, the key is
 * the constant one, and of the permit only group, week and slot are taken, which `checkPermit` and the rules of the week have passed.
 */
export function permitSignals(
  context: Pick<StatementContext, 'id' | 'statement' | 'rolls'>,
  { week, slot, ...permit }: Omit<Proven, 'said'> & Pick<Permit, 'week' | 'slot' | 'said'>,
): Field[] {
  const { group } = permit.said;
  const scope = permitScope(context.statement.platform, group, week, slot);
  return publicSignals({ rolls: context.rolls, scope }, membershipKey(), { ...permit, said: sayOpen(group, context.id) });
}

/**
 * Whether a roll counted as the newest of its group at `since` or later: nothing follows it, or what does is dated less than an hour before.
 * @param history headers of the group that were checked, in any order; one of which the next is missing was not the newest
 */
export function wasNewestRoll(header: RollHeader, history: readonly RollHeader[], since: number): boolean {
  const hash = rollHash(header);
  if (!history.some((one) => rollHash(one) === hash)) return false;
  const later = history.filter(({ number }) => number > header.number);
  if (later.length === 0) return true;
  const next = later.find(({ previous }) => previous === hash);
  return next !== undefined && next.time + LATE_ROLL_SECONDS >= since;
}
