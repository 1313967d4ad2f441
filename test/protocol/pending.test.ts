import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PendingChecks } from '#lib/protocol/record/pending.ts';

/** Takes checks of these weights in, one after the other, and says how many have been taken while none comes to an end. */
async function taken(weights: readonly number[]): Promise<{ count: number; end: (i: number) => Promise<number> }> {
  const checks = new PendingChecks(8);
  const ends = weights.map(() => Promise.withResolvers<void>());
  let count = 0;
  void (async () => {
    for (const [i, weight] of weights.entries()) {
      await checks.add(ends[i]!.promise, weight);
      count++;
    }
  })();
  await setImmediate();
  const end = async (i: number) => {
    ends[i]!.resolve();
    await setImmediate();
    return count;
  };
  return { count, end };
}

describe('checks of a record that are under way', () => {
  it('are eight light ones, or two that weigh as half of that, before the next is waited with', async () => {
    const light = await taken(Array(12).fill(1));
    expect(light.count).toBe(7); // the eighth is under way, and whoever gave it waits
    expect(await light.end(3)).toBe(8);
    const heavy = await taken([4, 4, 4, 4]);
    expect(heavy.count).toBe(1);
    expect(await heavy.end(0)).toBe(2);
    expect(await heavy.end(1)).toBe(3);
  });

  it('wait for as many light ones as a heavy one weighs', async () => {
    const mixed = await taken([1, 1, 1, 1, 1, 1, 4, 1]);
    expect(mixed.count).toBe(6);
    expect(await mixed.end(0)).toBe(6);
    expect(await mixed.end(1)).toBe(6);
    expect(await mixed.end(2)).toBe(7);
  });
});
