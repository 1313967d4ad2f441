import type { Api } from '#lib/api/client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { decodeNames, decodeRollFile } from '#lib/api/roll-file.ts';
import { findOwnCapsule } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, type Identity, leafOf } from '#lib/protocol/member/credential.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { checkName } from '#lib/protocol/member/name.ts';
import { findPath, type MerklePath, type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { lookOf } from '#lib/protocol/messages/visible-text.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { contradictsSeen } from './seen-rolls.ts';

/** A membership of the wallet in one of the statement's groups, by the issuer's key that the wallet pinned at the invitation. */
export type EligibleMembership = { membership: Membership; group: Hex32; header: RollHeader };

/** A group whose name looks like that of one that the wallet knows, under another issuer's key: a mistake or a trap (T28). */
export type Lookalike = { membership: Membership; group: Hex32; header: RollHeader };

/**
 * Which memberships of a wallet a statement or a challenge admits. Nothing is fetched. `forked` are those whose roll there is another
 * than the one of the same number that the wallet has seen: the issuer has signed two.
 */
export function findEligible(
  context: Pick<StatementContext, 'rolls'>,
  wallet: Wallet,
): { eligible: EligibleMembership[]; forked: EligibleMembership[]; lookalikes: Lookalike[] } {
  const eligible: EligibleMembership[] = [];
  const forked: EligibleMembership[] = [];
  const lookalikes: Lookalike[] = [];
  for (const membership of wallet.memberships) {
    const header = context.rolls.get(groupId(membership.group));
    if (header) (contradictsSeen(wallet, header) ? forked : eligible).push({ membership, group: groupId(membership.group), header });
    for (const [group, other] of context.rolls)
      if (lookOf(other.group.name) === lookOf(membership.group.name) && other.group.issuer !== membership.group.issuer)
        lookalikes.push({ membership, group, header: other });
  }
  return { eligible, forked, lookalikes };
}

/**
 * With which of them somebody may sign or take a signature back; null where the issuer has signed two rolls. That keeps nobody from going
 * back: the signature was made under that very roll.
 */
export function usableFor(
  action: 'sign' | 'withdraw',
  { eligible, forked }: Pick<ReturnType<typeof findEligible>, 'eligible' | 'forked'>,
): EligibleMembership[] | null {
  if (action === 'withdraw') return [...eligible, ...forked];
  return forked.length > 0 ? null : eligible;
}

/**
 * The membership of whoever has nothing but the words of a wallet and says which group and name: the issuer's key is that of the
 * statement, which has the hash that its reader was given. Whether the roll holds it is for `findMembership`.
 */
export function nameMembership(
  { rolls }: Pick<StatementContext, 'rolls'>,
  { group, name, platform }: { group: Hex32; name: string; platform: string },
): Checked<EligibleMembership, 'OTHER_GROUP' | 'BAD_NAME'> {
  const header = rolls.get(group);
  if (!header) return refuse('OTHER_GROUP', 'this statement is not for that group');
  const attested = checkName(name.normalize('NFC').trim());
  if (!attested.ok) return refuse('BAD_NAME', 'this cannot be a name that an issuer has attested');
  return accept({ membership: { group: header.group, name: attested.value, platform }, group, header });
}

/** A place in a roll, with everything that a proof needs to know of it. */
export type RollPlace = EligibleMembership & { path: MerklePath };

export type PlaceFailure = 'NOT_IN_ROLL' | 'ROLL_FILE' | 'ROLL_ROOT' | 'BAD_CAPSULES' | 'CAPSULE_MISSING';

/**
 * Finds the member's own place in the roll of a statement, and the own capsule in it. Both lists are fetched whole, the same
 * bytes for everybody, because asking for one's own would tell the platform who is about to sign (T14, T47); the search happens
 * here. @returns NOT_IN_ROLL when the roll does not hold this credential with the name that the invitation gave, CAPSULE_MISSING
 * when its name could never be shown (T45)
 * @throws ApiError when a list cannot be fetched
 */
export async function findMembership(
  api: Pick<Api, 'getLeaves' | 'getNames'>,
  eligible: EligibleMembership,
  identity: Identity,
  options?: CallOptions,
): Promise<Checked<RollPlace, PlaceFailure>> {
  const hash = rollHash(eligible.header);
  const [leaves, names] = await Promise.all([api.getLeaves(hash, options), api.getNames(hash, options)]);
  return findInRoll({ leaves, names }, eligible, identity);
}

/** The search of `findMembership` in the two lists of a roll that are there already. */
export function findInRoll(
  { leaves, names }: { leaves: Uint8Array; names: Uint8Array },
  eligible: EligibleMembership,
  identity: Identity,
): Checked<RollPlace, PlaceFailure> {
  const path = findOwnLeaf(leaves, eligible, identity);
  if (!path.ok) return path;
  const { header, group, membership } = eligible;
  const own = { membership: membershipOf(identity, group), name: membership.name };
  const capsule = findOwnCapsule(header, decodeNames(names) ?? [], own);
  return capsule.ok ? accept({ ...eligible, path: path.value }) : capsule;
}

function findOwnLeaf(bytes: Uint8Array, eligible: EligibleMembership, identity: Identity): Checked<MerklePath, PlaceFailure> {
  const { header, group, membership } = eligible;
  const roll = decodeRollFile(header, bytes);
  if (!roll.ok) return roll;
  const token = tokenOf(membershipOf(identity, group), group, membership.name);
  const index = roll.value.leaves.indexOf(leafOf(commitmentOf(identity, group), token.point));
  if (index < 0)
    return refuse(
      'NOT_IN_ROLL',
      `Roll ${header.number} of ${quote(header.group.name)} does not hold you as ${quote(membership.name)}: its issuer had not admitted you when it was published, or attested another name.`,
    );
  const path = findPath(header, roll.value.leaves, roll.value.middle, index);
  return path ? accept(path) : refuse('ROLL_ROOT', 'the members that the platform sent are not those that the issuer signed for');
}
