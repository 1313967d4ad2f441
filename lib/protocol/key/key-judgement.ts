// SPEC §7.5 – §7.6: what the messages of key generation amount to; everybody computes the same
// Feldman's verifiable secret sharing (1987), one dealing for each trustee, added up (Pedersen 1991).
import { messageHash } from '../messages/ed25519.ts';
import type { Hex32 } from '../messages/hash.ts';
import { isPossessed } from '../numbers/discrete-log.ts';
import { BASE, IDENTITY, multiplySecret, type Point, parsePoint, type Scalar } from '../numbers/point.ts';
import type { StatementContext } from '../statement/statement.ts';
import { type Blame, blame, dealsOf, judgeComplaints } from './complaints.ts';
import { confirmedParts, findKeyForkers } from './forked-messages.ts';
import { type Commit, type Confirm, commitsHash, type Deal, type KeyMessage, polynomialHash, transcriptHash } from './key-messages.ts';
import { evaluateInExponent } from './key-shares.ts';

/** A finished key: signatures are sealed to `key`, openings are checked against `verificationKeys[trustee − 1]`. */
export type Keyed = { status: 'keyed'; key: Point; verificationKeys: Point[]; transcript: Hex32 };

export type KeyState =
  | { status: 'waiting'; phase: 'commit' | 'deal' | 'confirm'; missing: number[] }
  | { status: 'aborted'; blame: Blame[] }
  | Keyed;

/**
 * Judges the messages of a statement's key generation, each already checked by `checkTrusteeMessage` and at most two of a
 * kind and author (and dealer). The order in which they arrived does not matter. n equal confirms are a key, whatever else
 * was said; short of that any fault aborts, and names its author, first of all whoever signed two messages of one kind.
 * Time is the caller's: see `abortForSilence`. SPEC §7.5.
 */
export function judgeKeyGeneration(context: StatementContext, messages: readonly KeyMessage[]): KeyState {
  const forkers = findKeyForkers(context, messages);
  if (forkers.length === 0) return judgeConsistent(context, messages);
  for (const consistent of confirmedParts(context, messages, forkers)) {
    const state = judgeConsistent(context, consistent);
    if (state.status === 'keyed') return state;
  }
  return aborted(forkers.map((trustee) => blame(trustee, 'FORKED')));
}

/** The judgement where nobody has signed two commits or two deals. */
function judgeConsistent(context: StatementContext, messages: readonly KeyMessage[]): KeyState {
  const size = context.statement.committee.trustees.length;
  const commits = byTrustee(messages, 'commit') as Commit[];
  const badCommits = commits.filter((commit) => !isGoodCommit(context, commit)).map((commit) => blame(commit.trustee, 'BAD_COMMIT'));
  if (badCommits.length > 0) return aborted(badCommits);
  if (commits.length < size) return waiting('commit', commits, size);

  const deals = dealsOf(context, messages).sort((a, b) => a.trustee - b.trustee);
  const badDeals = deals.filter((deal) => !isGoodDeal(context, deal, commits)).map((deal) => blame(deal.trustee, 'BAD_DEAL'));
  if (badDeals.length > 0) return aborted(badDeals);

  const confirms = byTrustee(messages, 'confirm') as Confirm[];
  const keyed = deals.length === size ? computeKey(context, commits, deals) : null;
  if (deals.length === size && keyed === null) return aborted([]);
  const good = keyed ? confirms.filter((confirm) => isGoodConfirm(context, confirm, keyed)) : [];
  if (keyed && new Set(good.map((confirm) => confirm.trustee)).size === size) return keyed;

  const blamed = judgeComplaints(context, messages, commits);
  if (deals.length < size) return blamed.length > 0 ? aborted(blamed) : waiting('deal', deals, size);
  for (const confirm of confirms) if (!good.includes(confirm)) blamed.push(blame(confirm.trustee, 'BAD_CONFIRM'));
  return blamed.length > 0 ? aborted(blamed) : waiting('confirm', confirms, size);
}

/** Whether a stored share is the one behind the author's verification key: checked when a trustee starts again. */
export function isShareOf(keyed: Keyed, trustee: number, share: Scalar): boolean {
  return multiplySecret(BASE, share).equals(keyed.verificationKeys[trustee - 1] as Point);
}

/** What a key generation amounts to once its time is over: those who were still missing are named. SPEC §7.5. */
export function abortForSilence(state: KeyState): KeyState {
  if (state.status !== 'waiting') return state;
  return aborted(state.missing.map((trustee) => blame(trustee, 'SILENT')));
}

/** A copied sealing key fails here: the proof of possession is bound to the trustee's place. */
function isGoodCommit(context: StatementContext, commit: Commit): boolean {
  const key = parsePoint(commit.sealingKey);
  const binding = { statement: context.id, trustee: commit.trustee, purpose: 'sealing' };
  return key !== null && isPossessed(key, commit.possession, binding);
}

function isGoodDeal(context: StatementContext, deal: Deal, commits: readonly Commit[]): boolean {
  const own = commits.find((commit) => commit.trustee === deal.trustee) as Commit;
  const others = commits.filter((commit) => commit !== own).map((commit) => commit.trustee);
  const points = deal.polynomial.map(parsePoint);
  const binding = { statement: context.id, trustee: deal.trustee, purpose: 'constant' };
  return (
    deal.commits === commitsHash(context.id, commits.map(commitHash)) &&
    deal.polynomial.length === context.statement.committee.threshold &&
    own.polynomial === polynomialHash(context.id, deal.trustee, deal.polynomial) &&
    points.every((point) => point !== null) &&
    isPossessed(points[0] as Point, deal.possession, binding) &&
    deal.shares.length === others.length &&
    deal.shares.every((share, i) => share.recipient === others[i] && parsePoint(share.ephemeral) !== null)
  );
}

/** The key and everyone's verification key; null in the negligible case that one of them is the identity. SPEC §7.6. */
function computeKey(context: StatementContext, commits: readonly Commit[], deals: readonly Deal[]): Keyed | null {
  const polynomials = deals.map((deal) => deal.polynomial.map((text) => parsePoint(text) as Point));
  const summed = (polynomials[0] as Point[]).map((_, i) => polynomials.reduce((sum, points) => sum.add(points[i] as Point), IDENTITY));
  const verificationKeys = deals.map((deal) => evaluateInExponent(summed, deal.trustee));
  const key = summed[0] as Point;
  if (key.is0() || verificationKeys.some((point) => point.is0())) return null;
  const transcript = transcriptHash(
    context.id,
    commits.map(commitHash),
    deals.map((deal) => messageHash('deal', deal)),
  );
  return { status: 'keyed', key, verificationKeys, transcript };
}

function isGoodConfirm(context: StatementContext, confirm: Confirm, keyed: Keyed): boolean {
  const { trustee } = confirm;
  const binding = { statement: context.id, trustee, purpose: 'share', transcript: keyed.transcript };
  return confirm.transcript === keyed.transcript && isPossessed(keyed.verificationKeys[trustee - 1] as Point, confirm.possession, binding);
}

/**
 * Messages that others in the list show to have existed: a deal, complaint or confirm is made after all n commits, a confirm
 * after all n deals. Whoever leaves one out could put the blame on somebody else, so a list that lacks one is not a
 * transcript. SPEC §7.5.
 */
export function findMissingMessages(
  context: StatementContext,
  messages: readonly KeyMessage[],
): { trustee: number; type: 'commit' | 'deal' }[] {
  const everyone = context.statement.committee.trustees.map((_, i) => i + 1);
  const lacking = (type: 'commit' | 'deal', present: readonly KeyMessage[]) =>
    everyone.filter((i) => !present.some((message) => message.trustee === i)).map((trustee) => ({ trustee, type }));
  return [
    ...(messages.some((message) => message.type !== 'commit') ? lacking('commit', byTrustee(messages, 'commit')) : []),
    ...(messages.some((message) => message.type === 'confirm') ? lacking('deal', dealsOf(context, messages)) : []),
  ];
}

function byTrustee(messages: readonly KeyMessage[], type: KeyMessage['type']): KeyMessage[] {
  return messages.filter((message) => message.type === type).sort((a, b) => a.trustee - b.trustee);
}

/** By index and then by name, each once: two who rightly accuse one dealer name it for one thing. SPEC §7.5. */
function aborted(blamed: readonly Blame[]): KeyState {
  const byPlace = new Map(blamed.map((one) => [`${String(one.trustee).padStart(2, '0')} ${one.reason}`, one]));
  const sorted = [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1));
  return { status: 'aborted', blame: sorted.map(([, one]) => one) };
}

function waiting(phase: 'commit' | 'deal' | 'confirm', present: readonly KeyMessage[], size: number): KeyState {
  const missing = Array.from({ length: size }, (_, i) => i + 1).filter((i) => !present.some((message) => message.trustee === i));
  return { status: 'waiting', phase, missing };
}

function commitHash(commit: Commit): Hex32 {
  return messageHash('commit', commit);
}
