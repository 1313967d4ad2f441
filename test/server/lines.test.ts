import { describe, expect, it, vi } from 'vitest';
import { createLines } from '#lib/server/threads/lines.ts';
import { createMakingRoom } from '#lib/server/threads/making-room.ts';

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

describe('long answers while they are made', () => {
  it('are in memory together only as far as their bytes fit, and one that is larger than the room is there alone', async () => {
    const room = createMakingRoom(10, 2);
    const made: string[] = [];
    const gates = new Map<string, PromiseWithResolvers<void>>();
    const make = (name: string, bytes: number) => {
      gates.set(name, Promise.withResolvers());
      return room.hold(bytes, async () => {
        made.push(name);
        await gates.get(name)?.promise;
      });
    };
    const all = Promise.allSettled([make('a', 4), make('b', 6), make('c', 1), make('huge', 50)]);
    await expect(make('too many', 1)).rejects.toMatchObject({ code: 'BUSY' });
    await vi.waitFor(() => expect(made).toEqual(['a', 'b']));
    gates.get('a')?.resolve();
    await vi.waitFor(() => expect(made).toEqual(['a', 'b', 'c']));
    const later = make('later', 1);
    gates.get('b')?.reject(new Error('fails'));
    gates.get('c')?.resolve();
    await vi.waitFor(() => expect(made.at(-1)).toBe('huge'));
    expect(made).not.toContain('later');
    gates.get('huge')?.resolve();
    await vi.waitFor(() => expect(made.at(-1)).toBe('later'));
    gates.get('later')?.resolve();
    await later;
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });
});
