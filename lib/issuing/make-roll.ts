import { hexToBytes } from '@noble/hashes/utils.js';
import { accept, type Checked, refuse } from '../protocol/checked.ts';
import { leafOf } from '../protocol/credential.ts';
import { type Field, type FieldText, formatField, parseField } from '../protocol/field.ts';
import type { Hex32 } from '../protocol/hash.ts';
import { MAX_DEPTH, type RollHeader, rollHash, signRoll } from '../protocol/roll.ts';
import { PADDING } from '../protocol/roll-tree.ts';
import { ticketOf } from './invite.ts';
import { findGroup, groupNameOf, type IssuedGroup, type Issuer, type RosterMember, replaceGroup } from './issuer-file.ts';

/** A signed roll as it is sent to the platform. */
export type RollToPublish = {
  header: RollHeader;
  leaves: FieldText[];
  /** The tickets of the members that are new in it: the platform then deletes what it holds for them. */
  enrolled: Hex32[];
};

export type RollFault = 'NOBODY_ENROLLED' | 'NOTHING_NEW' | 'GROUP_FULL' | 'ROLL_UNSENT';

/**
 * Gives new members their places, takes those of removed members back, and signs the next roll. A member's place never moves,
 * so a new roll differs from the last only where people came or went. Store the issuer before sending the roll: the next one
 * chains to it. `time` in Unix seconds, `trustees` the keys that the issuer recognises from this roll on. For a full group this
 * takes a minute; `onProgress` is told the share of leaves that are made, 0 to 1, after which the tree is still to come.
 * @returns NOTHING_NEW when the roll would say the same as the last; ROLL_UNSENT while the last has not reached the platform
 */
export function makeRoll(
  issuer: Issuer,
  group: Hex32,
  { time, trustees, onProgress }: { time: number; trustees: readonly Hex32[]; onProgress?: (share: number) => void },
): Checked<{ issuer: Issuer; roll: RollToPublish }, RollFault> {
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
  const placed = { ...before, trustees: sorted, members };
  const leaves = leavesOf(placed, onProgress);
  const header = signRoll(
    {
      group: groupNameOf(issuer, before.name),
      number,
      ...(lastRoll ? { previous: rollHash(lastRoll) } : {}),
      time: Math.max(time, lastRoll?.time ?? 0),
      trustees: sorted,
      leaves,
    },
    hexToBytes(issuer.seed),
  );
  const after: IssuedGroup = { ...placed, lastRoll: header, unsent: true };
  return accept({ issuer: replaceGroup(issuer, group, after), roll: rollWith(after, header, leaves) });
}

/** The last signed roll once more, for sending it again after a failure. @throws TypeError when there is none */
export function rollToSend(group: IssuedGroup, onProgress?: (share: number) => void): RollToPublish {
  const header = group.lastRoll;
  if (!header) throw new TypeError('"group" has no roll yet');
  return rollWith(group, header, leavesOf(group, onProgress));
}

function rollWith(group: IssuedGroup, header: RollHeader, leaves: readonly Field[]): RollToPublish {
  const fresh = group.members.filter((member) => member.since === header.number);
  return { header, leaves: leaves.map(formatField), enrolled: fresh.map((member) => ticketOf(member.secret)) };
}

/** Notes that the platform has the last roll. */
export function markRollSent(issuer: Issuer, group: Hex32): Issuer {
  const { unsent: _, ...sent } = findGroup(issuer, group);
  return replaceGroup(issuer, group, sent);
}

/** The leaves in their places, up to the last member. */
function leavesOf(group: IssuedGroup, onProgress: (share: number) => void = () => {}): Field[] {
  const last = group.members.reduce((highest, member) => Math.max(highest, member.place ?? -1), -1);
  const leaves = new Array<Field>(last + 1).fill(PADDING);
  for (const [i, member] of group.members.entries()) {
    if (i % 256 === 0) onProgress(i / group.members.length);
    if (member.place !== undefined) leaves[member.place] = leafOf(commitmentIn(member), member.name);
  }
  return leaves;
}

function commitmentIn(member: RosterMember): Field {
  const commitment = parseField(member.commitment ?? '');
  if (commitment === null) throw new TypeError('"group" has a member with a place and no commitment');
  return commitment;
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
