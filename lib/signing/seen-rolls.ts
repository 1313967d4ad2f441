// SPEC §3.6: the newest roll of each group, by which a wallet notices that it is shown an older one
import { groupId } from '#lib/protocol/member/group.ts';
import { followsRoll, type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import type { SeenRoll, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Reach } from './group-history.ts';

/**
 * What a wallet can say of the newest roll that it is shown. `first`: it has seen none of this group, so it cannot tell an older
 * roll from the newest. `older`: it has seen a newer one. `forked`: what it has seen does not lie in the history that it is shown.
 */
export type Newness = 'first' | 'newest' | 'older' | 'forked';

/** The newest roll of a group that this wallet has seen. */
export function seenRollOf(wallet: Wallet, group: Hex32): SeenRoll | undefined {
  return wallet.rolls.find((seen) => seen.group === group);
}

/**
 * Judges a history, newest first, whose newest header was checked before: that alone proves the others, each of which is named
 * by the hash in the one after it.
 */
export function judgeNewest(wallet: Wallet, history: readonly RollHeader[]): Newness {
  const [newest] = history;
  const seen = newest && seenRollOf(wallet, groupId(newest.group));
  if (!seen) return 'first';
  if (newest.number < seen.number) return 'older';
  const since = history.slice(0, newest.number - seen.number + 1);
  const isChained = since.every((header, i) => i === 0 || followsRoll(header, since[i - 1] as RollHeader));
  const last = since.at(-1) as RollHeader;
  return isChained && last.number === seen.number && rollHash(last) === seen.hash ? 'newest' : 'forked';
}

/** How far back a history is read for `checkNewest`, and for what is said of the roll that is meant, or of the newest. */
export function reachOf(wallet: Wallet, group: Hex32, header?: RollHeader): Reach {
  return { roll: header?.number, seen: seenRollOf(wallet, group)?.number };
}

/** Whether what is shown as the history of a group, newest first, may be so by what the wallet has seen of it. */
export function checkNewest(wallet: Wallet, history: readonly RollHeader[]): Checked<true, 'OLDER_ROLL' | 'ROLL_FORKED'> {
  const newness = judgeNewest(wallet, history);
  if (newness === 'older') return refuse('OLDER_ROLL', 'the site shows an older roll as the newest than this wallet has seen');
  if (newness === 'forked') return refuse('ROLL_FORKED', 'the site shows another history of the group than this wallet has seen');
  return accept(true);
}

/** Whether the wallet has seen another roll of the same number: the issuer has signed two. */
export function contradictsSeen(wallet: Wallet, header: RollHeader): boolean {
  const seen = seenRollOf(wallet, groupId(header.group));
  return seen !== undefined && seen.number === header.number && seen.hash !== rollHash(header);
}

export function seenRoll(header: RollHeader): SeenRoll {
  return { group: groupId(header.group), number: header.number, hash: rollHash(header), time: header.time };
}

/** The wallet with a roll that it has seen, unless it knows a newer one. */
export function rememberRoll(wallet: Wallet, roll: SeenRoll): Wallet {
  const known = seenRollOf(wallet, roll.group);
  if (known && known.number >= roll.number) return wallet;
  return { ...wallet, rolls: [...wallet.rolls.filter((other) => other.group !== roll.group), roll] };
}
