import { describe, expect, it } from 'vitest';
import { parseWallet } from '#lib/protocol/member/wallet-file.ts';
import { nextSlot, spendSlot, takeSlot } from '#lib/signing/permit-slots.ts';
import { createWallet, formatWallet } from '#lib/signing/wallet.ts';
import { systemRandom } from '../support/world.ts';

const GROUP = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

describe('the slots of a member', () => {
  it('are counted by group and week, and a wallet from before has used none', () => {
    const wallet = createWallet(systemRandom);
    expect(wallet).not.toHaveProperty('slots');
    const once = spendSlot(wallet, GROUP, 2976);
    const twice = spendSlot(spendSlot(once, GROUP, 2976), OTHER, 2976);
    expect([nextSlot(wallet, GROUP, 2976), nextSlot(once, GROUP, 2976), nextSlot(twice, GROUP, 2976)]).toEqual([0, 1, 2]);
    expect([nextSlot(twice, OTHER, 2976), nextSlot(twice, GROUP, 2977)]).toEqual([1, 0]);
    expect(parseWallet(formatWallet(twice))).toEqual({ ok: true, value: twice });
  });

  it('are forgotten after two weeks: who finds a wallet does not learn when its owner wrote, and never what', () => {
    const used = spendSlot(spendSlot(createWallet(systemRandom), GROUP, 2970), OTHER, 2975);
    const later = spendSlot(used, GROUP, 2976);
    expect(later.slots).toEqual([
      { group: OTHER, week: 2975, used: 1 },
      { group: GROUP, week: 2976, used: 1 },
    ]);
  });

  it('are used once, though two pages have begun a permit for the same one', async () => {
    let stored = createWallet(systemRandom);
    const update = async (change: (wallet: typeof stored) => typeof stored) => {
      stored = change(stored);
    };
    const begun = { place: { group: GROUP }, week: 2976, slot: nextSlot(stored, GROUP, 2976) };
    expect([await takeSlot(update, begun), await takeSlot(update, begun)]).toEqual([true, false]);
    expect(nextSlot(stored, GROUP, 2976)).toBe(1);
    expect(await takeSlot(update, { ...begun, slot: 1 })).toBe(true);
  });
});
