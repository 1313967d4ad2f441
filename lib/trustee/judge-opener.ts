// Who may open a statement, judged by what the trustee itself has checked. SPEC §5.10, §5.11
import { readRolls } from '#lib/api/read-rolls.ts';
import { loadVerificationKey } from '#lib/proof/artifacts.ts';
import { parseProof } from '#lib/proof/proof.ts';
import { verifyProof } from '#lib/proof/verify.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import {
  checkRollHeader,
  MOST_ROLL_DELAY_SECONDS,
  MOST_ROLLS_A_DAY,
  nextRollFrom,
  type RollHeader,
  rollHash,
} from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkPolicyHistory, type GroupPolicy, type GroupRules, judgeOpening, loosestRules } from '#lib/protocol/permit/group-policy.ts';
import { checkPermit, isKeptWeek, type Permit, permitSignals, startOfWeek, wasNewestRoll } from '#lib/protocol/permit/permit.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Appointment } from './acceptance.ts';
import { readPermit } from './committee-calls.ts';
import type { TrusteeContext } from './context.ts';
import type { Openers, Turn } from './openers.ts';
import { shortCall } from './platform-calls.ts';

const WEEK_SECONDS = 7 * 86_400;

export type OpenerRefusal = 'NO_OPENER' | 'PERMIT_GONE' | 'BAD_PERMIT' | 'PERMIT_REUSED' | 'MAY_NOT_OPEN';

/**
 * Judges who opened a statement, once: what was found is kept until the time for its key is over, for the permit goes before that. For an
 * account there is the platform's word alone.
 * @throws when the platform cannot be reached, or shows less of a group than it did before
 */
export async function judgeOpener(
  trustee: TrusteeContext,
  { context, trustee: place }: Appointment,
  openers: Openers,
): Promise<Checked<Turn, OpenerRefusal>> {
  const known = openers.find(context.id);
  if (known) return accept(known);
  const author = { context, trustee: place, seed: trustee.identity.seed };
  const { openedBy, permit } = await readPermit(trustee, author);
  if (!openedBy) return refuse('NO_OPENER', 'the platform does not say who opened it');
  const { openBy } = context.statement;
  const turn: Turn = { statement: context.id, openedBy, slot: 0, openBy };
  if (openedBy.by === 'account') {
    const rules = await readRules(trustee, context, openers, trustee.now() - WEEK_SECONDS);
    const judged = judgeOpening(context.rolls, openedBy, rules);
    if (!judged.ok) return refuse('MAY_NOT_OPEN', judged.detail ?? judged.code);
    await openers.take(turn);
    return accept(turn);
  }
  if (!permit) return refuse('PERMIT_GONE', 'its permit was erased before this trustee saw it');
  const judged = await judgePermit(trustee, context, permit, openers);
  if (!judged.ok) return judged;
  if (permit.said.group !== openedBy.group) return refuse('BAD_PERMIT', 'it is of a member of another group than the platform says');
  const { week, slot, nullifier } = permit;
  const user = openers.userOf(nullifier);
  if (user !== undefined && user !== context.id) return refuse('PERMIT_REUSED', 'its turn was used for another statement');
  const taken = { ...turn, slot, permit: { week, nullifier } };
  await openers.take(taken);
  return accept(taken);
}

/** SPEC §5.10 as a trustee asks it; the proof comes last. */
async function judgePermit(
  trustee: TrusteeContext,
  context: StatementContext,
  value: Permit,
  openers: Openers,
): Promise<Checked<Permit, OpenerRefusal>> {
  const permit = checkPermit(context, value);
  if (!permit.ok) return refuse('BAD_PERMIT', permit.detail ?? permit.code);
  const { week, slot, said } = permit.value;
  if (!isKeptWeek(week, trustee.now())) return refuse('BAD_PERMIT', 'it is of a week that has not begun, or is long over');
  const since = startOfWeek(week);
  const rules = await readRules(trustee, context, openers, since);
  const judged = judgeOpening(context.rolls, { by: 'member', group: said.group }, rules, slot);
  if (!judged.ok) return refuse('MAY_NOT_OPEN', judged.detail ?? judged.code);
  const header = context.rolls.get(said.group) as RollHeader; // checkPermit has looked
  const history = await readHistory(trustee, header, openers);
  if (header.time < nextRollFrom(history.filter(({ number }) => number < header.number)))
    return refuse('BAD_PERMIT', 'its group has had more rolls within a day than any may have');
  // The roll after it may have been dated back by so much, or its issuer could end any statement of a member.
  if (!wasNewestRoll(header, history, since - MOST_ROLL_DELAY_SECONDS))
    return refuse('BAD_PERMIT', 'the roll was not the newest of its group in that week or the one before');
  return (await isProven(trustee, context, permit.value)) ? permit : refuse('BAD_PERMIT', 'its proof does not hold');
}

async function isProven(trustee: TrusteeContext, context: StatementContext, permit: Permit): Promise<boolean> {
  const key = await loadVerificationKey(trustee.manifest, context.statement.verificationKey, trustee.artifacts);
  if (!key.ok) throw new Error(`the verification key cannot be loaded (${key.code})`);
  const proof = parseProof(permit.proof);
  return proof.ok && verifyProof(key.value, { proof: proof.value, publicSignals: permitSignals(context, permit) }, trustee.random);
}

/** The rules of each group, as loose as any that were in force since then. */
async function readRules(
  trustee: TrusteeContext,
  { rolls }: StatementContext,
  openers: Openers,
  since: number,
): Promise<(group: Hex32) => GroupRules> {
  const histories = new Map<Hex32, readonly GroupPolicy[]>();
  for (const group of rolls.keys()) {
    const { policies } = await trustee.api.getPolicies(group, shortCall());
    const checked = checkPolicyHistory(group, policies);
    if (!checked.ok) throw new Error(`the policies of group ${group.slice(0, 12)} are refused: ${checked.code}`);
    if (checked.value.length < openers.seenOf(group).policies)
      throw new Error(`the platform hides a policy of group ${group.slice(0, 12)} that it has shown before`);
    await openers.see({ group, roll: 0, policies: checked.value.length });
    histories.set(group, checked.value);
  }
  return (group) => loosestRules(histories.get(group) ?? [], since);
}

/**
 * The rolls of a group, newest first, as far back as a permit by one of them is judged. The signature of the newest proves the others, each
 * of which is named in the one after it.
 */
async function readHistory(trustee: TrusteeContext, { group: its, number }: RollHeader, openers: Openers): Promise<RollHeader[]> {
  const group = groupId(its);
  const isEnough = (shown: readonly RollHeader[]) => (shown.at(-1)?.number ?? 0) <= number - MOST_ROLLS_A_DAY;
  const rolls = await readRolls(trustee.api, group, isEnough, shortCall());
  const newestRoll = checkRollHeader(rolls[0]);
  const isOfGroup = newestRoll.ok && groupId(newestRoll.value.group) === group;
  const isChained = rolls.every((roll, i) => i === 0 || rolls[i - 1]?.previous === rollHash(roll));
  if (!isOfGroup || !isChained) throw new Error(`the rolls of group ${group.slice(0, 12)} are refused`);
  const newest = rolls[0]?.number ?? 0;
  if (newest < openers.seenOf(group).roll)
    throw new Error(`the platform hides a roll of group ${group.slice(0, 12)} that it has shown before`);
  await openers.see({ group, roll: newest, policies: 0 });
  return rolls;
}
