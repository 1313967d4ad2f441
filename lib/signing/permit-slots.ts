// SPEC §5.10: which of its slots a member has used, and nothing of what for
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** The next slot of a group and week of which this wallet knows no use: as many as it has used. Another device may have used it. */
export function nextSlot({ slots = [] }: Wallet, group: Hex32, week: number): number {
  return slots.find((used) => used.group === group && used.week === week)?.used ?? 0;
}

/**
 * Uses a slot before its permit is sent, unless another page has used it since the permit was begun: two permits of one slot would show
 * that both have one author. @param update changes the stored wallet @returns whether it may be sent
 */
export async function takeSlot(
  update: (change: (wallet: Wallet) => Wallet) => Promise<void>,
  { place, week, slot }: { place: { group: Hex32 }; week: number; slot: number },
): Promise<boolean> {
  let isFree = false;
  await update((wallet) => {
    isFree = nextSlot(wallet, place.group, week) === slot;
    return isFree ? spendSlot(wallet, place.group, week) : wallet;
  });
  return isFree;
}

/**
 * The wallet that has used its next slot; store it before the permit is sent. Weeks before the last are forgotten, so that nobody who
 * finds the wallet learns when its owner wrote.
 */
export function spendSlot(wallet: Wallet, group: Hex32, week: number): Wallet {
  const others = (wallet.slots ?? []).filter((used) => used.week >= week - 1 && !(used.group === group && used.week === week));
  return { ...wallet, slots: [...others, { group, week, used: nextSlot(wallet, group, week) + 1 }] };
}
