import { fieldOf } from '#lib/protocol/board/signature.ts';
import { commitmentOf, createIdentity, type Identity } from '#lib/protocol/member/credential.ts';
import { type Enrolment, type Invitation, sealEnrolment } from '#lib/protocol/member/enrolment.ts';
import { checkGroup, groupId } from '#lib/protocol/member/group.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { hashBytes } from '#lib/protocol/messages/hash.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';

/** A new wallet with a fresh identity and no membership. One identity serves all groups, so that its holder counts once everywhere (T4). */
export function createWallet(random: Random): Wallet {
  return { type: 'round-robin-wallet', version: 2, secret: formatField(createIdentity(random).secret), memberships: [] };
}

export function identityOf(wallet: Wallet): Identity {
  return { secret: fieldOf(wallet.secret) };
}

/** The text of a wallet file. It holds the secret: whoever reads it can sign as the member. */
export function formatWallet(wallet: Wallet): string {
  return `${JSON.stringify(wallet, null, 2)}\n`;
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
  const once = hashBytes('nonce', { secret: wallet.secret, invitation });
  const enrolment = sealEnrolment(invitation, enrolled, (length) => once.subarray(0, length));
  return accept({ wallet: addMembership(wallet, { group: invitation.group, name: invitation.name, platform }), enrolment });
}

function addMembership(wallet: Wallet, membership: Membership): Wallet {
  const known = wallet.memberships.some((other) => isSameMembership(other, membership));
  return known ? wallet : { ...wallet, memberships: [...wallet.memberships, membership] };
}

/** The wallet without a membership. The issuer's roll still holds the member: this only forgets it here. */
export function forgetMembership(wallet: Wallet, membership: Membership): Wallet {
  return { ...wallet, memberships: wallet.memberships.filter((other) => !isSameMembership(other, membership)) };
}

/**
 * Adds the memberships of an imported wallet to the one that is here.
 * @returns OTHER_IDENTITY when the two have different secrets: one of them has to give way, and that is for the person to say
 */
export function mergeWallets(here: Wallet | null, imported: Wallet): Checked<Wallet, 'OTHER_IDENTITY'> {
  if (!here) return accept(imported);
  if (here.secret !== imported.secret) return refuse('OTHER_IDENTITY', 'this device already has a wallet with another identity');
  return accept(imported.memberships.reduce(addMembership, here));
}

function isSameMembership(a: Membership, b: Membership): boolean {
  return groupId(a.group) === groupId(b.group) && a.name === b.name;
}
