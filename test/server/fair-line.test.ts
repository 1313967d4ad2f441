import { describe, expect, it } from 'vitest';
import { createFairLine, FIRST_WORK } from '#lib/server/threads/fair-line.ts';

const inLine = (limit: number) => {
  const line = createFairLine<{ statement: string; work: number; name: string }>(limit);
  const enter = (name: string, statement: string, work = 0) => {
    const full = line.enter({ name, statement, work });
    return full && { away: full.away.name, work: full.work };
  };
  const take = (most: number) => line.take(most, () => true).map(({ name }) => name);
  return { line, enter, take };
};

describe('the line before the check of proofs (T20)', () => {
  it('serves statements in turn, and in each of them more work first, then who came first', () => {
    const { enter, take } = inLine(10);
    for (const name of ['a1', 'a2', 'a3']) enter(name, 'a');
    enter('b1', 'b');
    enter('a4', 'a', 3);
    expect(take(4)).toEqual(['a4', 'b1', 'a1', 'a2']);
    expect(take(4)).toEqual(['a3']);
    expect(take(4)).toEqual([]);
  });

  it('gives the place of who floods one statement to who signs another', () => {
    const { enter, line } = inLine(3);
    for (const name of ['a1', 'a2', 'a3']) enter(name, 'a', 9);
    expect(enter('b1', 'b')).toEqual({ away: 'a3', work: FIRST_WORK });
    expect(enter('a4', 'a')).toEqual({ away: 'a4', work: FIRST_WORK });
    expect(line.length).toBe(3);
  });

  it('turns away who came last with the least work, and says how much would have been enough', () => {
    const { enter, take } = inLine(2);
    enter('idle', 'a');
    enter('busy', 'a', 20);
    expect(enter('late', 'a')).toEqual({ away: 'late', work: FIRST_WORK });
    expect(enter('honest', 'a', FIRST_WORK)).toEqual({ away: 'idle', work: FIRST_WORK + 1 });
    expect(enter('other', 'a', FIRST_WORK)).toEqual({ away: 'other', work: FIRST_WORK + 1 });
    expect(take(2)).toEqual(['busy', 'honest']);
  });

  it('takes together only what goes together, and leaves the rest in its order', () => {
    const { enter, line, take } = inLine(10);
    for (const [name, statement] of [['a1', 'a'], ['b1', 'b'], ['a2', 'a'], ['b2', 'b']] as const) enter(name, statement); // biome-ignore format: a list
    expect(line.take(3, (first, other) => first.statement === other.statement).map(({ name }) => name)).toEqual(['a1', 'a2']);
    expect(take(3)).toEqual(['b1', 'b2']);
  });
});
