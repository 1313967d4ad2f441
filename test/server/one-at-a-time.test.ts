import { describe, expect, it } from 'vitest';
import { createOneAtATime } from '#lib/server/threads/one-at-a-time.ts';

describe('work that is done one at a time', () => {
  it('is done in the order in which it came, also after what has failed, and refused while enough waits', async () => {
    const alone = createOneAtATime(2);
    const done: number[] = [];
    const gate = Promise.withResolvers<void>();
    const first = alone(async () => {
      await gate.promise;
      throw new Error('fails');
    });
    const others = [1, 2].map((n) => alone(async () => void done.push(n)));
    await expect(alone(async () => {})).rejects.toMatchObject({ code: 'BUSY' });
    expect(done).toEqual([]);
    gate.resolve();
    await expect(first).rejects.toThrow('fails');
    await Promise.all(others);
    expect(done).toEqual([1, 2]);
    expect(await alone(async () => 'again')).toBe('again');
  });
});
