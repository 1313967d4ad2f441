import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Enrolment, Invitation } from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { acceptInvitation, createWallet, forgetMembership } from '#lib/signing/wallet.ts';

/** Whether a wallet holds what an invitation offers. */
export function isKnownMembership(wallet: Wallet | null, { group, name }: Pick<Invitation, 'group' | 'name'>): boolean {
  return wallet?.memberships.some((known) => groupId(known.group) === groupId(group) && known.name === name) ?? false;
}

/**
 * Stores the membership, with a fresh identity under `passphrase` where there is none, and only then posts the sealed reply. Can be
 * repeated: the same wallet and invitation make the same reply. A membership that the platform refuses is taken out again, unless the
 * wallet held it before: an earlier reply, also of another tab, may have been taken though its answer was lost, and of one that a roll
 * has taken in the platform knows no more than that there was one.
 * @param passphrase of a browser that keeps nothing yet; null where there is a wallet, which must be open
 * @throws ApiError, VaultLocked, or what the browser's storage throws
 */
export async function joinGroup(
  invitation: Invitation,
  { origin, passphrase }: { origin: string; passphrase: string | null },
): Promise<void> {
  if (passphrase !== null) await walletVault().setPassphrase(passphrase);
  let enrolment: Enrolment | undefined;
  let isNew = false;
  let wasKnown = false;
  await walletVault().update((wallet) => {
    const accepted = acceptInvitation(wallet ?? createWallet(secureRandom), invitation, origin);
    if (!accepted.ok) throw new TypeError('"invitation" must have been read by readInvitation');
    enrolment = accepted.value.enrolment;
    isNew = wallet === null;
    wasKnown = isKnownMembership(wallet, invitation);
    return accepted.value.wallet;
  });
  try {
    await anonymousApi.postEnrolment(enrolment as Enrolment);
  } catch (error) {
    if (!wasKnown && ApiError.is(error, 'ALREADY_ENROLLED', 'UNKNOWN_INVITATION', 'ISSUER_KEY_ENDED'))
      await forget(invitation, origin, isNew);
    throw error;
  }
}

/** An identity that was made for a membership that came to nothing goes with it: one from a file can then take its place. */
async function forget({ group, name }: Invitation, platform: string, isNew: boolean): Promise<void> {
  const membership: Membership = { group, name, platform };
  const { memberships } = await walletVault().update((wallet) => forgetMembership(wallet as Wallet, membership));
  if (isNew && memberships.length === 0) await walletVault().erase();
}
