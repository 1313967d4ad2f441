// How an issuer goes on after restoring an old keystore: from the newest roll of its own that the platform has
import type { Api } from '#lib/api/client.ts';
import type { EnrolmentList } from '#lib/api/issuer-shapes.ts';
import { readRolls } from '#lib/api/read-rolls.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { decodeRollFile } from '#lib/api/roll-file.ts';
import { capsuleRollOf } from '#lib/protocol/member/capsule.ts';
import { enlist } from '#lib/protocol/member/enlist.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { checkRollHeader, checkRollLeaves, followsRoll, type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { PADDING } from '#lib/protocol/member/roll-tree.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { ticketOf } from './invite.ts';
import {
  candidateOf,
  findGroup,
  type IssuedGroup,
  type Issuer,
  inviteAnew,
  isInvited,
  type RosterMember,
  replaceGroup,
} from './issuer-file.ts';

/** What the newest roll says and this keystore does not know. */
export type RollDifference = {
  newest: RollHeader;
  /** The last roll that both know; null when this keystore knew of none. */
  shared: RollHeader | null;
  /** The number of a roll that was signed with this keystore and that the platform did not take; null when there is none. */
  discarded: number | null;
  /** Members by the secrets of their invitations, with the place at which the newest roll holds them. */
  places: Map<Hex32, number>;
  /** Secrets of members whom the shared roll held and the newest does not: they were struck since. */
  struck: Hex32[];
  /** How many leaves belong to nobody of whom this keystore has name, commitment and u: they cannot stand in the next roll. */
  unknown: number;
};

export type ContinueFault = 'NO_ROLL' | 'NOTHING_NEWER' | 'BAD_HISTORY' | 'OTHER_HISTORY' | 'BAD_LEAVES';

/**
 * Compares a group with the newest roll that a platform has of it. Nothing is believed: every header must be signed by the
 * issuer's own key and follow the one before, from the first on or from one before the keystore's last, which must be one of them, and
 * the leaves must have the newest root. Whether the newest roll that is shown is the newest that there is, nothing here can tell:
 * a platform that hides one gets another of the same number signed. The issuer has to compare it with what others have seen.
 * About a millisecond for each member who has replied.
 * @param headers as `readSinceKnown` gives them, newest first
 * @param file of the newest roll, as `getLeaves` gives it
 * @param onProgress is told the share that is done, 0 to 1
 */
export function compareWithNewest(
  issuer: Issuer,
  group: Hex32,
  headers: readonly RollHeader[],
  file: Uint8Array,
  onProgress: (share: number) => void = () => {},
): Checked<RollDifference, ContinueFault> {
  const issued = findGroup(issuer, group);
  const [newest] = headers;
  if (!newest) return refuse('NO_ROLL', 'this site has no roll of this group');
  const isSound = headers.every((header, i) => {
    const before = headers[i + 1];
    const isOwn = checkRollHeader(header).ok && groupId(header.group) === group;
    return isOwn && (before ? followsRoll(before, header) : reachesBack(issued, headers));
  });
  if (!isSound) return refuse('BAD_HISTORY', 'the rolls that this site shows are not a whole history signed with your key');
  const shared = findShared(issued, headers);
  if (!shared.ok) return shared;
  if (shared.value.header === newest) return refuse('NOTHING_NEWER', 'this site shows no newer roll than this keystore knows');
  const decoded = decodeRollFile(newest, file);
  const leaves = decoded.ok ? decoded.value.leaves : [];
  if (!checkRollLeaves(newest, leaves.map(formatField)).ok)
    return refuse('BAD_LEAVES', 'the members that this site shows are not those of its newest roll');
  const { header, discarded } = shared.value;
  return accept({ newest, shared: header, discarded, ...matchLeaves(issued, newest, leaves, discarded, onProgress) });
}

/** Rolls of a group, newest first, as far as `compareWithNewest` needs them. @throws ApiError */
export function readSinceKnown(api: Pick<Api, 'getGroup'>, known: IssuedGroup, group: Hex32, options?: CallOptions): Promise<RollHeader[]> {
  return readRolls(api, group, (rolls) => reachesBack(known, rolls), options);
}

/** Whether rolls, newest first, go back to the first one or to one before the last that a keystore knows. */
function reachesBack({ lastRoll }: IssuedGroup, rolls: readonly RollHeader[]): boolean {
  const oldest = rolls.at(-1)?.number ?? 1;
  return oldest === 1 || (lastRoll !== undefined && oldest < lastRoll.number);
}

/** The last roll that both sides know. A roll that was signed here and not taken there is passed over: the one before it counts. */
function findShared(
  { lastRoll, unsent }: IssuedGroup,
  headers: readonly RollHeader[],
): Checked<{ header: RollHeader | null; discarded: number | null }, 'OTHER_HISTORY'> {
  if (!lastRoll) return accept({ header: null, discarded: null });
  const find = (hash: Hex32 | undefined) => headers.find((header) => rollHash(header) === hash);
  const own = find(rollHash(lastRoll));
  if (own) return accept({ header: own, discarded: null });
  const before = find(lastRoll.previous);
  if (unsent && (before || lastRoll.number === 1)) return accept({ header: before ?? null, discarded: lastRoll.number });
  return refuse('OTHER_HISTORY', `the rolls of this site do not continue roll ${lastRoll.number}, which was published with this keystore`);
}

function matchLeaves(
  { members }: IssuedGroup,
  newest: RollHeader,
  leaves: readonly bigint[],
  discarded: number | null,
  onProgress: (share: number) => void,
): Pick<RollDifference, 'places' | 'struck' | 'unknown'> {
  const left = new Map(leaves.flatMap((leaf, place) => (leaf === PADDING ? [] : [[leaf, place] as const])));
  const places = new Map<Hex32, number>();
  const struck: Hex32[] = [];
  for (const [i, member] of members.entries()) {
    if (i % 256 === 0) onProgress(i / members.length);
    const leaf = enlist(capsuleRollOf(newest), candidateOf(member))?.leaf;
    const place = leaf === undefined ? undefined : left.get(leaf);
    if (leaf !== undefined && place !== undefined) {
      left.delete(leaf);
      places.set(member.secret, place);
    } else if (member.place !== undefined && (discarded === null || member.since !== discarded)) struck.push(member.secret);
  }
  return { places, struck, unknown: left.size };
}

/** Of people whose replies are awaited, those of whom the platform says that a roll has taken them in. It is the platform's word. */
export function findClaimed(awaited: readonly RosterMember[], enrolments: EnrolmentList['enrolments']): RosterMember[] {
  const enrolled = new Set(enrolments.filter(({ state }) => state === 'enrolled').map(({ ticket }) => ticket));
  return awaited.filter((member) => isInvited(member) && enrolled.has(ticketOf(member.secret)));
}

/**
 * The keystore as it goes on from the newest roll: members keep the places that it gives them, those whom it no longer holds are
 * struck here too, and those of whom the platform says that they joined since get fresh invitations, because what they answered is
 * gone. Unknown leaves are forgotten: without name, commitment and u nobody can stand in the next roll (T65). Nothing is signed
 * yet. The group must be the one that was compared.
 * @param claimed the secrets of whom `findClaimed` found
 */
export function continueFrom(
  issuer: Issuer,
  group: Hex32,
  { newest, places, struck }: RollDifference,
  claimed: readonly Hex32[],
  random: Random,
): Issuer {
  const { unsent: _, earlier: _earlier, ...before } = findGroup(issuer, group);
  const [gone, joined] = [new Set(struck), new Set(claimed)];
  const members = before.members.map(({ place: _place, since: _since, ...member }): RosterMember => {
    const place = places.get(member.secret);
    if (place !== undefined) return { ...member, place };
    if (gone.has(member.secret)) return { ...member, removed: true };
    return joined.has(member.secret) && isInvited(member) && !member.removed ? inviteAnew(member, random) : member;
  });
  return replaceGroup(issuer, group, { ...before, members, trustees: newest.trustees, lastRoll: newest });
}
