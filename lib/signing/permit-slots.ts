// SPEC §5.10: which of its slots a member has used, and nothing of what for
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** The next slot of a group and week of which this wallet knows no use: as many as it has used. Another device may have used it. */
export function nextSlot({ slots = [] }: Wallet, group: Hex32, week: number): number {
  return slots.find((used) => used.group === group && used.week === week)?.used ?? 0;
}

/**
 * The wallet that has used its next slot; store it before the permit is sent. Weeks before the last are forgotten, so that nobody who
 * finds the wallet learns when its owner wrote.
 */
export function spendSlot(wallet: Wallet, group: Hex32, week: number): Wallet {
  const others = (wallet.slots ?? []).filter((used) => used.week >= week - 1 && !(used.group === group && used.week === week));
  return { ...wallet, slots: [...others, { group, week, used: nextSlot(wallet, group, week) + 1 }] };
}
