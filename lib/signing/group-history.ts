// SPEC §4.2, §5.8: the rolls of a group as everybody is shown them

import type { Api } from '#lib/api/client.ts';
import { readRolls } from '#lib/api/read-rolls.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { ANONYMITY_FLOOR, checkRollHeader, followsRoll, type RollFailure, type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { quote } from '#lib/protocol/messages/quote.ts';

export type HistoryFailure = RollFailure | 'ROLL_CHAIN';
export type CrowdFailure = HistoryFailure | 'GROUP_TOO_SMALL' | 'ROLL_UNLISTED';

/** So much of a history before a roll is looked at, or all of it: whoever wants to hide how a group came to its size has to wait so long. */
const ENOUGH_ROLLS = 1_000;
const ENOUGH_SECONDS = 400 * 86_400;

/** From where a history is read, by numbers of rolls. `roll`: the one that is meant, without it the newest; `seen`: the newest that a wallet has seen. */
export type Reach = { roll?: number | undefined; seen?: number | undefined };

function reachesBack(rolls: readonly RollHeader[], { roll, seen }: Reach): boolean {
  const oldest = rolls.at(-1);
  if (!oldest || oldest.number === 1) return true;
  const from = roll === undefined ? rolls[0] : rolls.find(({ number }) => number <= roll);
  const isKnown = seen === undefined || oldest.number <= seen;
  return from !== undefined && isKnown && from.number - oldest.number >= ENOUGH_ROLLS && from.time - oldest.time >= ENOUGH_SECONDS;
}

/** Rolls of a group, newest first, as far as they are looked at; nothing is checked. @throws ApiError when they cannot be fetched */
export function readHistory(api: Pick<Api, 'getGroup'>, group: Hex32, reach: Reach, options?: CallOptions): Promise<RollHeader[]> {
  return readRolls(api, group, (rolls) => reachesBack(rolls, reach), options);
}

/**
 * The rolls of a group, newest first. The issuer's signature on the newest one proves the others, each of which is named by its hash
 * in the one after it, down to the first, or through 1,000 rolls and 400 days.
 * @throws ApiError when they cannot be fetched
 */
export async function fetchHistory(
  api: Pick<Api, 'getGroup'>,
  group: Hex32,
  reach: Reach = {},
  options?: CallOptions,
): Promise<Checked<RollHeader[], HistoryFailure>> {
  return checkHistory(group, await readHistory(api, group, reach, options), reach);
}

/** The checks of `fetchHistory` on rolls that are there already. */
export function checkHistory(group: Hex32, rolls: readonly RollHeader[], reach: Reach = {}): Checked<RollHeader[], HistoryFailure> {
  const newest = checkRollHeader(rolls[0]);
  if (!newest.ok) return newest;
  if (groupId(newest.value.group) !== group) return refuse('BAD_GROUP', 'the site showed the rolls of another group');
  const isChained = rolls.every((roll, i) => i === 0 || followsRoll(roll, rolls[i - 1] as RollHeader));
  if (!isChained || !reachesBack(rolls, reach)) return refuse('ROLL_CHAIN', 'the rolls of this group do not continue each other');
  return accept([...rolls]);
}

/**
 * Whether a member may take part with a roll, by its size and by the history of its group: it has enough members to hide one, and it
 * is one of those that everybody is shown, so that nobody is given a roll of their own. SPEC §5.8.
 * @returns the history up to that roll, newest first
 */
export function checkCrowd(header: RollHeader, history: readonly RollHeader[]): Checked<RollHeader[], CrowdFailure> {
  const { name } = header.group;
  if (header.size < ANONYMITY_FLOOR)
    return refuse(
      'GROUP_TOO_SMALL',
      `${quote(name)} has ${countOf(header.size, 'member', 'members')}, and at least ${ANONYMITY_FLOOR} are needed to hide anybody`,
    );
  const at = history.findIndex(({ number }) => number === header.number);
  const roll = history[at];
  if (!roll || rollHash(roll) !== rollHash(header))
    return refuse('ROLL_UNLISTED', `roll ${header.number} of ${quote(name)} is not the one that the site shows to everybody`);
  return accept(history.slice(at));
}

/** Asks the platform for the history of a group, the same for everybody, and judges by it. @throws ApiError when it cannot be fetched */
export async function lookAtCrowd(
  api: Pick<Api, 'getGroup'>,
  { group, header }: { group: Hex32; header: RollHeader },
  options?: CallOptions,
): Promise<Checked<RollHeader[], CrowdFailure>> {
  const history = await fetchHistory(api, group, { roll: header.number }, options);
  return history.ok ? checkCrowd(header, history.value) : history;
}
