import { commitmentOf, type Identity } from '#lib/protocol/member/credential.ts';
import { type Enrolment, type Invitation, sealEnrolment } from '#lib/protocol/member/enrolment.ts';
import { checkGroup, groupId } from '#lib/protocol/member/group.ts';
import { createRoot, identityOfRoot } from '#lib/protocol/member/recovery.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import type { KeptReceipt, Membership, Wallet, WalletContent } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import { type Hex32, hashBytes } from '#lib/protocol/messages/hash.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { rememberRoll } from './seen-rolls.ts';

/** A new wallet with a fresh root and no membership. One identity serves all groups, so that its holder counts once everywhere (T4). */
export function createWallet(random: Random): Wallet {
  return { ...emptyWallet(createRoot(random)), rehearsed: false };
}

/** The wallet of which nothing is left but its words: the same identity, and no membership until each is brought back. */
export function emptyWallet(root: Hex32): Wallet {
  return { type: 'round-robin-wallet', version: 3, root, rehearsed: true, memberships: [], rolls: [], receipts: [] };
}

export function identityOf(wallet: Wallet): Identity {
  return identityOfRoot(wallet.root);
}

/** The text of a wallet, to be locked before it is stored: whoever reads it can sign as the member. */
export function formatWallet(wallet: Wallet): string {
  return `${JSON.stringify(wallet)}\n`;
}

/**
 * Takes an invitation up: gives the wallet with the membership added, and the enrolment to post. Store the wallet before
 * posting. The same wallet and invitation always give the same enrolment, so posting can be repeated after any failure.
 * `platform` is the origin where the invitation was opened.
 */
export function acceptInvitation(
  wallet: Wallet,
  invitation: Invitation,
  platform: string,
): Checked<{ wallet: Wallet; enrolment: Enrolment }, 'BAD_GROUP'> {
  const group = checkGroup(invitation.group);
  if (!group.ok) return group;
  const [identity, id] = [identityOf(wallet), groupId(invitation.group)];
  const enrolled = { commitment: commitmentOf(identity, id), membership: membershipOf(identity, id) };
  // A one-time key that follows from the secret and the invitation repeats only together with the text that it seals.
  const once = hashBytes('nonce', { secret: formatField(identity.secret), invitation });
  const enrolment = sealEnrolment(invitation, enrolled, (length) => once.subarray(0, length));
  return accept({ wallet: addMembership(wallet, { group: invitation.group, name: invitation.name, platform }), enrolment });
}

/** The wallet with a membership, once. */
export function addMembership(wallet: Wallet, membership: Membership): Wallet {
  const known = wallet.memberships.some((other) => isSameMembership(other, membership));
  return known ? wallet : { ...wallet, memberships: [...wallet.memberships, membership] };
}

/** The wallet without a membership. The issuer's roll still holds the member: this only forgets it here. */
export function forgetMembership(wallet: Wallet, membership: Membership): Wallet {
  return { ...wallet, memberships: wallet.memberships.filter((other) => !isSameMembership(other, membership)) };
}

/** The wallet with all that a backup of it holds: memberships, receipts, and of each group the newest roll of the two. */
export function mergeBackup(wallet: Wallet, backup: WalletContent): Wallet {
  const merged = backup.memberships.reduce(addMembership, wallet);
  return backup.receipts.reduce(addReceipt, backup.rolls.reduce(rememberRoll, merged));
}

/** The wallet with a receipt to keep, once. */
export function addReceipt(wallet: Wallet, receipt: KeptReceipt): Wallet {
  const others = forgetReceipt(wallet, receipt.receipt.entry).receipts;
  return { ...wallet, receipts: [...others, receipt] };
}

/** The wallet without the receipt of an entry, by the entry's hash. */
export function forgetReceipt(wallet: Wallet, entry: Hex32): Wallet {
  return { ...wallet, receipts: wallet.receipts.filter(({ receipt }) => receipt.entry !== entry) };
}

/** Of one group, under one name. */
export function isSameMembership(a: Membership, b: Membership): boolean {
  return groupId(a.group) === groupId(b.group) && a.name === b.name;
}
