import { describe, expect, it } from 'vitest';
import { createLines } from '#lib/server/threads/lines.ts';

describe('work that is done one at a time under a name', () => {
  it('is done in the order in which it came, also after what has failed, and refused while enough waits', async () => {
    const lines = createLines();
    const done: number[] = [];
    const gate = Promise.withResolvers<void>();
    const first = lines.wait('a', 2, async () => {
      await gate.promise;
      throw new Error('fails');
    });
    const others = [1, 2].map((n) => lines.wait('a', 2, async () => void done.push(n)));
    await expect(lines.wait('a', 2, async () => {})).rejects.toMatchObject({ code: 'BUSY' });
    expect(await lines.wait('b', 0, async () => 'another')).toBe('another');
    expect(done).toEqual([]);
    gate.resolve();
    await expect(first).rejects.toThrow('fails');
    await Promise.all(others);
    expect(done).toEqual([1, 2]);
    expect(await lines.wait('a', 0, async () => 'again')).toBe('again');
  });
});
