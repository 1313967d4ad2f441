import { hexToBytes } from '@noble/hashes/utils.js';
import { MAX_DEPTH, type RollHeader, rollHash, signTree } from '#lib/protocol/member/roll.ts';
import { leavesOf, type RollTree, rootOf } from '#lib/protocol/member/roll-tree.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type FieldText, formatField } from '#lib/protocol/numbers/field.ts';
import { ticketOf } from './invite.ts';
import { findGroup, groupNameOf, type IssuedGroup, type Issuer, type RosterMember, replaceGroup } from './issuer-file.ts';
import { type PlantBlock, plantRoll, replantRoll } from './plant-roll.ts';

/** A signed roll as it is sent to the platform. */
export type RollToPublish = {
  header: RollHeader;
  leaves: FieldText[];
  /** The tickets of the members that are new in it: the platform then deletes what it holds for them. */
  enrolled: Hex32[];
};

export type RollFault = 'NOBODY_ENROLLED' | 'NOTHING_NEW' | 'GROUP_FULL' | 'ROLL_UNSENT';

/** How the tree of a roll is come by. */
export type TreeWork = {
  /** The tree of the last roll, if it is at hand: only what has changed is hashed then. One with another root is not used. */
  tree?: RollTree | undefined;
  /** Who makes the blocks of a tree that is made whole; this thread unless told otherwise. */
  plant?: PlantBlock | undefined;
  /** Told the share of the tree that is made, 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
};

/**
 * Gives new members their places, takes those of removed members back, and signs the next roll. A member's place never moves,
 * so a new roll differs from the last only where people came or went. Store the issuer before sending the roll: the next one
 * chains to it; and keep the tree. `time` in Unix seconds, `trustees` the keys that the issuer recognises from this roll on.
 * A group of 65,536 takes a quarter of a minute on one core, one more member of it milliseconds.
 * @returns NOTHING_NEW when the roll would say the same as the last; ROLL_UNSENT while the last has not reached the platform
 */
export async function makeRoll(
  issuer: Issuer,
  group: Hex32,
  { time, trustees, ...work }: { time: number; trustees: readonly Hex32[] } & TreeWork,
): Promise<Checked<{ issuer: Issuer; roll: RollToPublish; tree: RollTree }, RollFault>> {
  const before = findGroup(issuer, group);
  const { lastRoll } = before;
  if (before.unsent) return refuse('ROLL_UNSENT', 'the last roll has not reached the platform yet: send it again first');
  const number = (lastRoll?.number ?? 0) + 1;
  const members = assignPlaces(before.members.map(leaveIfRemoved), number);
  if (members === null) return refuse('GROUP_FULL', `a group holds at most ${2 ** MAX_DEPTH} members`);
  if (!members.some((member) => member.place !== undefined)) return refuse('NOBODY_ENROLLED', 'nobody has accepted an invitation yet');
  const sorted = [...trustees].sort((a, b) => (a < b ? -1 : 1));
  const sameTrustees = lastRoll?.trustees.join() === sorted.join();
  const samePlaces = members.every((member, i) => member.place === before.members[i]?.place);
  if (lastRoll && sameTrustees && samePlaces) return refuse('NOTHING_NEW', 'nobody has come or gone since the last roll');
  const tree = isTreeOf(work.tree, lastRoll) ? replantRoll(work.tree, before.members, members) : await plantRoll(members, work);
  const header = signTree(
    {
      group: groupNameOf(issuer, before.name),
      number,
      ...(lastRoll ? { previous: rollHash(lastRoll) } : {}),
      time: Math.max(time, lastRoll?.time ?? 0),
      trustees: sorted,
      tree,
    },
    hexToBytes(issuer.seed),
  );
  const after: IssuedGroup = { ...before, trustees: sorted, members, lastRoll: header, unsent: true };
  return accept({ issuer: replaceGroup(issuer, group, after), roll: rollWith(after, header, tree), tree });
}

/** The last signed roll once more, for sending it again after a failure. @throws TypeError when there is none */
export async function rollToSend(group: IssuedGroup, work: TreeWork = {}): Promise<RollToPublish> {
  const header = group.lastRoll;
  if (!header) throw new TypeError('"group" has no roll yet');
  return rollWith(group, header, isTreeOf(work.tree, header) ? work.tree : await plantRoll(group.members, work));
}

function isTreeOf(tree: RollTree | undefined, header: RollHeader | undefined): tree is RollTree {
  return tree !== undefined && tree.depth === header?.depth && formatField(rootOf(tree)) === header.root;
}

function rollWith(group: IssuedGroup, header: RollHeader, tree: RollTree): RollToPublish {
  const fresh = group.members.filter((member) => member.since === header.number);
  return { header, leaves: leavesOf(tree).map(formatField), enrolled: fresh.map((member) => ticketOf(member.secret)) };
}

/** Notes that the platform has the last roll. */
export function markRollSent(issuer: Issuer, group: Hex32): Issuer {
  const { unsent: _, ...sent } = findGroup(issuer, group);
  return replaceGroup(issuer, group, sent);
}

function leaveIfRemoved(member: RosterMember): RosterMember {
  if (!member.removed) return member;
  const { place: _place, since: _since, ...gone } = member;
  return gone;
}

/** Gives the lowest free places to enrolled members that have none; null when there are not enough. */
function assignPlaces(members: readonly RosterMember[], number: number): RosterMember[] | null {
  const taken = new Set(members.map((member) => member.place));
  let next = 0;
  const assigned = members.map((member) => {
    if (member.removed || member.commitment === undefined || member.place !== undefined) return member;
    while (taken.has(next)) next++;
    return { ...member, place: next++, since: number };
  });
  return next > 2 ** MAX_DEPTH ? null : assigned;
}
