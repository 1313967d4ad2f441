import { ApiError } from '#lib/api/api-error.ts';
import type { Api } from '#lib/api/client.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { checkRollHeader, type RollHeader } from '#lib/protocol/member/roll.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { findMembership } from '#lib/signing/find-membership.ts';
import { readHistory } from '#lib/signing/group-history.ts';
import { judgeNewest, reachOf } from '#lib/signing/seen-rolls.ts';
import { identityOf } from '#lib/signing/wallet.ts';

/**
 * `isFirst`: the wallet has seen no roll of the group before, so it cannot tell an older one from the newest. `nameless`: the roll
 * holds the member's leaf, and no capsule with the name. `older`: the wallet has seen a newer roll than `header`. `forked`: its issuer
 * has signed two histories. `broken`: what the platform sent is not what the issuer whom the wallet knows has signed.
 */
export type RollFinding =
  | { kind: 'found' | 'absent' | 'nameless'; header: RollHeader; isFirst: boolean }
  | { kind: 'older' | 'forked'; header: RollHeader }
  | { kind: 'no-roll' | 'unknown-group' | 'broken' }
  | { kind: 'unreachable'; message: string };

/**
 * Looks for a member's own leaf and own capsule in the newest roll of the group. Both lists are fetched whole, so the platform
 * learns that somebody looks at this group and not who (T47). Issuer's signature and both roots are checked here.
 */
export async function findInCurrentRoll(
  api: Pick<Api, 'getGroup' | 'getLeaves' | 'getNames'>,
  wallet: Wallet,
  membership: Membership,
  signal?: AbortSignal,
): Promise<RollFinding> {
  const options = signal ? { signal } : {};
  const group = groupId(membership.group);
  try {
    const rolls = await readHistory(api, group, reachOf(wallet, group), options);
    const [newest] = rolls;
    if (!newest) return { kind: 'no-roll' };
    const header = checkRollHeader(newest);
    if (!header.ok || groupId(header.value.group) !== group) return { kind: 'broken' };
    const newness = judgeNewest(wallet, rolls);
    if (newness === 'older' || newness === 'forked') return { kind: newness, header: header.value };
    const seen = { header: header.value, isFirst: newness === 'first' };
    const place = await findMembership(api, { membership, group, header: header.value }, identityOf(wallet), options);
    if (place.ok) return { kind: 'found', ...seen };
    if (place.code === 'NOT_IN_ROLL') return { kind: 'absent', ...seen };
    return place.code === 'CAPSULE_MISSING' ? { kind: 'nameless', ...seen } : { kind: 'broken' };
  } catch (error) {
    if (ApiError.is(error, 'GROUP_NOT_FOUND')) return { kind: 'unknown-group' };
    if (error instanceof ApiError) return { kind: 'unreachable', message: error.message };
    throw error;
  }
}
