import { hexToBytes } from '@noble/hashes/utils.js';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { hashCapsules, joinCapsules } from '#lib/protocol/member/capsule.ts';
import { type Enlisted, findRepeated } from '#lib/protocol/member/enlist.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { depthFor, type RollHeader, rollHash, signTree } from '#lib/protocol/member/roll.ts';
import { changeTree, findChanges, leavesOf, PADDING, type RollTree, rootOf } from '#lib/protocol/member/roll-tree.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Field, type FieldText, formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { ticketOf } from './invite.ts';
import {
  candidateOf,
  earlierRolls,
  findGroup,
  groupNameOf,
  type IssuedGroup,
  type Issuer,
  type RosterMember,
  replaceGroup,
} from './issuer-file.ts';
import { type PlacingFault, placeMembers } from './place-members.ts';
import { type EnlistBlock, enlistAll, type PlantBlock, plantRoll } from './plant-roll.ts';

/** A signed roll as it is sent to the platform. */
export type RollToPublish = {
  header: RollHeader;
  leaves: FieldText[];
  /** The file of capsules (SPEC §4.5): for committees, never public. */
  capsules: Uint8Array<ArrayBuffer>;
  /** The tickets of the members that are new in it: the platform then deletes what it holds for them. */
  enrolled: Hex32[];
  /** The headers of rolls before it that the platform had and has lost, the oldest first. */
  between?: RollHeader[];
};

export type RollFault = PlacingFault | 'ROLL_UNSENT' | 'ROLL_GROWS' | 'ROLL_SOON' | 'ROLLS_LOST';

/** Who does the long parts of a roll; this thread unless told otherwise. */
export type RollWork = {
  /** The tree of the last roll, if it is at hand: only what has changed is hashed then. One with another root is not used. */
  tree?: RollTree | undefined;
  enlist?: EnlistBlock | undefined;
  plant?: PlantBlock | undefined;
  /** Told the share of the work that is done, 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
};

/** `time` in Unix seconds; `trustees`: the keys that the issuer recognises from this roll on. */
export type RollTerms = { time: number; trustees: readonly Hex32[]; random: Random };

/**
 * Gives new members their places, takes those of removed members back, makes everybody's capsule for this roll, and signs it. A
 * member's place never moves, so the leaves differ from the last roll's only where people came or went; capsules are all new. Of
 * whom this keystore lacks commitment or u, and whose token stands in the roll already, gets no place and a fresh invitation.
 * Store the issuer before sending the roll: the next one chains to it; and keep the tree. A group of 65,536 takes a minute or two
 * of one core.
 * @returns NOTHING_NEW when the roll would say the same as the last; ROLL_UNSENT while the last has not reached the platform
 */
export async function makeRoll(
  issuer: Issuer,
  group: Hex32,
  { time, trustees, random, ...work }: RollTerms & RollWork,
): Promise<Checked<{ issuer: Issuer; roll: RollToPublish; tree: RollTree }, RollFault>> {
  const before = findGroup(issuer, group);
  const { lastRoll } = before;
  if (before.unsent) return refuse('ROLL_UNSENT', 'the last roll has not reached the platform yet: send it again first');
  const number = (lastRoll?.number ?? 0) + 1;
  const sorted = [...trustees].sort((a, b) => (a < b ? -1 : 1));
  const placing = { number, trustees: sorted, random };
  const first = placeMembers(before, { ...placing, barred: new Set() });
  if (!first.ok) return first;
  const made = await enlistMembers(group, number, first.value, work);
  const placed = made.barred.size === 0 ? first : placeMembers(before, { ...placing, barred: made.barred });
  if (!placed.ok) return placed;
  const members = placed.value;
  const { tree, capsules } = await layOut(members, made.enlisted, isTreeOf(work.tree, lastRoll) ? work.tree : undefined, work);
  const header = signTree(
    {
      group: groupNameOf(issuer, before.name),
      number,
      ...(lastRoll ? { previous: rollHash(lastRoll) } : {}),
      ...sumUpWays(members),
      names: merkleRoot(hashCapsules(capsules)),
      time: Math.max(time, lastRoll?.time ?? 0),
      trustees: sorted,
      tree,
    },
    hexToBytes(issuer.seed),
  );
  const after: IssuedGroup = { ...before, trustees: sorted, members, lastRoll: header, earlier: earlierRolls(before), unsent: true };
  const roll = { header, leaves: leavesOf(tree).map(formatField), capsules, enrolled: ticketsOfNew(after) };
  return accept({ issuer: replaceGroup(issuer, group, after), roll, tree });
}

/** The last signed roll once more, for sending it again after a failure: the same bytes. @throws TypeError when there is none */
export async function rollToSend(group: IssuedGroup, work: RollWork = {}): Promise<RollToPublish> {
  const header = group.lastRoll;
  if (!header) throw new TypeError('"group" has no roll yet');
  const { enlisted } = await enlistMembers(groupId(header.group), header.number, group.members, work);
  const { tree, capsules } = await layOut(group.members, enlisted, isTreeOf(work.tree, header) ? work.tree : undefined, work);
  return { header, leaves: leavesOf(tree).map(formatField), capsules, enrolled: ticketsOfNew(group) };
}

/**
 * Whom `makeRoll` gave a fresh invitation instead of a place, by name: this keystore lacks what their capsule is made of, or their
 * token stood in the roll already.
 */
export function findLeftOut(before: IssuedGroup, after: IssuedGroup): string[] {
  return before.members.filter(({ secret }, i) => after.members[i]?.secret !== secret).map(({ name }) => name);
}

/** Notes that the platform has the last roll. */
export function markRollSent(issuer: Issuer, group: Hex32): Issuer {
  const { unsent: _, ...sent } = findGroup(issuer, group);
  return replaceGroup(issuer, group, sent);
}

/**
 * What lies between the newest roll that a platform shows and the last of a keystore, the oldest first: its headers are all that a history
 * needs of a roll that is not the newest. Null where the one does not lead to the other: it shows the last, or another history, or lacks
 * more than this keystore remembers.
 * @param shown what the platform shows of the group, newest first
 */
export function rollsBetween(group: IssuedGroup, shown: readonly RollHeader[]): RollHeader[] | null {
  if (!group.lastRoll) return null;
  const newest = shown[0] && rollHash(shown[0]);
  const known = [...(group.earlier ?? []), group.lastRoll];
  const after = known.findLastIndex(({ previous }) => previous === newest);
  return after < 0 ? null : known.slice(after, -1);
}

/**
 * Whether a platform lacks the last roll, which it had: it was put back from an older copy. Then that one is to be sent again before
 * another is signed, since wallets have seen it and follow no other in its place.
 */
export function isLastRollLost(group: IssuedGroup, shown: readonly RollHeader[]): boolean {
  return !group.unsent && rollsBetween(group, shown) !== null;
}

/** Whether it lacks so many that this keystore cannot bring the history back. */
export function isHistoryLost(group: IssuedGroup, shown: readonly RollHeader[]): boolean {
  const { lastRoll } = group;
  return lastRoll !== undefined && (shown[0]?.number ?? 0) < lastRoll.number && rollsBetween(group, shown) === null;
}

/** Notes that the platform lacks the last roll: `rollToSend` makes it once more. */
export function markRollLost(issuer: Issuer, group: Hex32): Issuer {
  return replaceGroup(issuer, group, { ...findGroup(issuer, group), unsent: true });
}

/** Tokens and capsules take longer than the tree by far. */
const SHARE_OF_ENLISTING = 0.9;

/** Leaf and capsule of all with a place, by the secrets of their invitations, and who cannot have one after all. */
async function enlistMembers(
  group: Hex32,
  number: number,
  members: readonly RosterMember[],
  { enlist, onProgress }: RollWork,
): Promise<{ enlisted: Map<Hex32, Enlisted>; barred: Set<Hex32> }> {
  // Whoever stood in the last roll comes first, so that nobody is put out by a newcomer with the same token.
  const standing = members
    .filter(({ place }) => place !== undefined)
    .sort((a, b) => Number(a.since === number) - Number(b.since === number));
  const all = await enlistAll({ group, number }, standing.map(candidateOf), enlist, (share) => onProgress?.(share * SHARE_OF_ENLISTING));
  const could = standing.flatMap(({ secret }, i) => (all[i] ? [{ secret, ...all[i] }] : []));
  const repeated = findRepeated(could);
  const enlisted = new Map(could.flatMap(({ secret, ...one }, i) => (repeated.has(i) ? [] : [[secret, one] as const])));
  return { enlisted, barred: new Set(standing.map(({ secret }) => secret).filter((secret) => !enlisted.has(secret))) };
}

/** The tree over the members in their places, from the tree before where there is one, and the file of their capsules. */
async function layOut(
  members: readonly RosterMember[],
  enlisted: ReadonlyMap<Hex32, Enlisted>,
  before: RollTree | undefined,
  { plant, onProgress }: RollWork,
): Promise<{ tree: RollTree; capsules: Uint8Array<ArrayBuffer> }> {
  const leaves: Field[] = [];
  const capsules: Uint8Array[] = [];
  for (const { place, secret } of members) {
    const one = enlisted.get(secret);
    if (place === undefined || !one) continue;
    while (leaves.length < place) leaves.push(PADDING);
    leaves[place] = one.leaf;
    capsules.push(one.capsule);
  }
  const tree = before
    ? changeTree(before, depthFor(leaves.length), findChanges(leavesOf(before), leaves))
    : await plantRoll(leaves, plant, (share) => onProgress?.(SHARE_OF_ENLISTING + share * (1 - SHARE_OF_ENLISTING)));
  return { tree, capsules: joinCapsules(capsules) };
}

/** In which ways those with a place were admitted; nothing where it is not known of everybody. SPEC §4.2. */
function sumUpWays(members: readonly RosterMember[]): Pick<RollHeader, 'admitted'> {
  const standing = members.filter(({ place }) => place !== undefined);
  if (standing.some(({ way }) => way === undefined)) return {};
  const counts = [1, 2, 3, 4, 5].map((way) => ({ way, count: standing.filter((member) => member.way === way).length }));
  return { admitted: counts.filter(({ count }) => count > 0) };
}

function isTreeOf(tree: RollTree | undefined, header: RollHeader | undefined): tree is RollTree {
  return tree !== undefined && tree.depth === header?.depth && formatField(rootOf(tree)) === header.root;
}

function ticketsOfNew({ members, lastRoll }: IssuedGroup): Hex32[] {
  return members.filter(({ since }) => since !== undefined && since === lastRoll?.number).map(({ secret }) => ticketOf(secret));
}
