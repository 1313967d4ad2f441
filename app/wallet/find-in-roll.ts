import { ApiError } from '#lib/api/api-error.ts';
import type { Api } from '#lib/api/client.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { checkRollHeader, type RollHeader } from '#lib/protocol/member/roll.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { findMembership } from '#lib/signing/find-membership.ts';
import { identityOf } from '#lib/signing/wallet.ts';

/** `broken`: what the platform sent is not what the issuer whom the wallet knows has signed. */
export type RollFinding =
  | { kind: 'found' | 'absent'; header: RollHeader }
  | { kind: 'no-roll' | 'unknown-group' | 'broken' }
  | { kind: 'unreachable'; message: string };

/**
 * Looks for a member's own leaf in the newest roll of the group. The whole roll is fetched, so the platform learns that
 * somebody looks at this group and not who. Issuer's signature and root are checked here.
 */
export async function findInCurrentRoll(
  api: Pick<Api, 'getGroup' | 'getLeaves'>,
  wallet: Wallet,
  membership: Membership,
  signal?: AbortSignal,
): Promise<RollFinding> {
  const options = signal ? { signal } : {};
  const group = groupId(membership.group);
  try {
    const [newest] = (await api.getGroup(group, options)).rolls;
    if (!newest) return { kind: 'no-roll' };
    const header = checkRollHeader(newest);
    if (!header.ok || groupId(header.value.group) !== group) return { kind: 'broken' };
    const place = await findMembership(api, { membership, group, header: header.value }, identityOf(wallet), options);
    if (place.ok) return { kind: 'found', header: header.value };
    return place.code === 'NOT_IN_ROLL' ? { kind: 'absent', header: header.value } : { kind: 'broken' };
  } catch (error) {
    if (ApiError.is(error, 'GROUP_NOT_FOUND')) return { kind: 'unknown-group' };
    if (error instanceof ApiError) return { kind: 'unreachable', message: error.message };
    throw error;
  }
}
