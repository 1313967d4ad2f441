// SPEC §7.4 – §7.5: complaints, and the deals inside them
import { isSignedBy, messageHash } from '../messages/ed25519.ts';
import { isEqual } from '../numbers/discrete-log.ts';
import { type Point, parsePoint } from '../numbers/point.ts';
import type { StatementContext } from '../statement/statement.ts';
import type { Commit, Complaint, Deal, KeyMessage } from './key-messages.ts';
import { openShare } from './key-shares.ts';

/** A trustee named for a fault that its own signed messages show, or for silence. */
export type Blame = {
  trustee: number;
  reason: 'FORKED' | 'BAD_COMMIT' | 'BAD_DEAL' | 'BAD_SHARE' | 'FALSE_COMPLAINT' | 'BAD_COMPLAINT' | 'BAD_CONFIRM' | 'SILENT';
};

export function blame(trustee: number, reason: Blame['reason']): Blame {
  return { trustee, reason };
}

/** All different deals: those that stand by themselves, and those inside complaints that their dealers have signed. SPEC §7.5. */
export function dealsOf(context: StatementContext, messages: readonly KeyMessage[]): Deal[] {
  const byHash = new Map<string, Deal>();
  for (const message of messages) {
    if (message.type === 'deal') byHash.set(messageHash('deal', message), message);
    if (message.type === 'complaint' && isSignedDeal(context, message.deal)) byHash.set(messageHash('deal', message.deal), message.deal);
  }
  return [...byHash.values()];
}

/**
 * Who is at fault in each complaint: the dealer, a false accuser, or an accuser without proof. `messages` hold no two commits
 * and no two deals of one author, all of them judged good. SPEC §7.5.
 */
export function judgeComplaints(context: StatementContext, messages: readonly KeyMessage[], commits: readonly Commit[]): Blame[] {
  return messages.filter((message) => message.type === 'complaint').map((complaint) => judgeComplaint(context, complaint, commits));
}

/** Opens the one seal that a complaint is about. */
function judgeComplaint(context: StatementContext, complaint: Complaint, commits: readonly Commit[]): Blame {
  const { trustee, deal, shared, proof } = complaint;
  const accuser = commits.find((commit) => commit.trustee === trustee) as Commit;
  const sealed = deal.shares.find((share) => share.recipient === trustee);
  const image = parsePoint(shared);
  if (!isSignedDeal(context, deal) || !sealed || image === null) return blame(trustee, 'BAD_COMPLAINT');
  const claim = { key: parsePoint(accuser.sealingKey) as Point, base: parsePoint(sealed.ephemeral) as Point, image };
  const binding = { statement: context.id, trustee, dealer: deal.trustee, deal: messageHash('deal', deal) };
  if (!isEqual('complaint-proof', claim, proof, binding)) return blame(trustee, 'BAD_COMPLAINT');
  return openShare(context, deal, trustee, image).ok ? blame(trustee, 'FALSE_COMPLAINT') : blame(deal.trustee, 'BAD_SHARE');
}

function isSignedDeal({ id, statement }: StatementContext, deal: Deal): boolean {
  const dealer = statement.committee.trustees[deal.trustee - 1];
  return dealer !== undefined && deal.statement === id && isSignedBy('deal', deal, dealer.key);
}
