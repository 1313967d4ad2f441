import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { decodeRollFile } from '#lib/api/roll-file.ts';
import { commitmentOf, type Identity, leafOf } from '#lib/protocol/member/credential.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { findPath, type MerklePath, type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';

/** A membership of the wallet in one of the statement's groups, by the issuer's key that the wallet pinned at the invitation. */
export type EligibleMembership = { membership: Membership; group: Hex32; header: RollHeader };

/** A group that bears the name of one that the wallet knows, under another issuer's key: a mistake or a trap (T28). */
export type Lookalike = { membership: Membership; group: Hex32; header: RollHeader };

/** Which memberships of a wallet a statement admits. Nothing is fetched. */
export function findEligible(context: StatementContext, wallet: Wallet): { eligible: EligibleMembership[]; lookalikes: Lookalike[] } {
  const eligible: EligibleMembership[] = [];
  const lookalikes: Lookalike[] = [];
  for (const membership of wallet.memberships) {
    const header = context.rolls.get(groupId(membership.group));
    if (header) eligible.push({ membership, group: groupId(membership.group), header });
    for (const [group, other] of context.rolls)
      if (other.group.name === membership.group.name && other.group.issuer !== membership.group.issuer)
        lookalikes.push({ membership, group, header: other });
  }
  return { eligible, lookalikes };
}

/** A place in a roll, with everything that a proof needs to know of it. */
export type Place = EligibleMembership & { path: MerklePath };

export type PlaceFailure = 'NOT_IN_ROLL' | 'ROLL_FILE' | 'ROLL_ROOT';

/**
 * Finds the member's own place in the roll of a statement. The whole roll is fetched, the same bytes for everybody, because
 * asking for one's own path would tell the platform who is about to sign (T14); the search happens here.
 * @returns NOT_IN_ROLL when the roll does not hold this credential with the name that the invitation gave
 * @throws ApiError when the roll cannot be fetched
 */
export async function findMembership(
  api: Pick<Api, 'getLeaves'>,
  eligible: EligibleMembership,
  identity: Identity,
  options?: CallOptions,
): Promise<Checked<Place, PlaceFailure>> {
  const bytes = await api.getLeaves(rollHash(eligible.header), options);
  return findInRoll(bytes, eligible, identity);
}

/** The search of `findMembership` in a roll file that is there already. */
export function findInRoll(bytes: Uint8Array, eligible: EligibleMembership, identity: Identity): Checked<Place, PlaceFailure> {
  const { header, group, membership } = eligible;
  const roll = decodeRollFile(header, bytes);
  if (!roll.ok) return roll;
  const leaf = leafOf(commitmentOf(identity, group), membership.name);
  const index = roll.value.leaves.indexOf(leaf);
  if (index < 0)
    return refuse(
      'NOT_IN_ROLL',
      `Roll ${header.number} of “${header.group.name}” does not hold you as “${membership.name}”: its issuer had not admitted you when it was published, or attested another name.`,
    );
  const path = findPath(header, roll.value.leaves, roll.value.middle, index);
  if (!path) return refuse('ROLL_ROOT', 'the members that the platform sent are not those that the issuer signed for');
  return accept({ ...eligible, path });
}
