import { describe, expect, it } from 'vitest';
import { findFastGrowth, findFilledAtOnce, growthWarnings } from '#lib/signing/growth.ts';
import { createGroup, nextRoll, systemRandom } from '../support/world.ts';

const DAY = 86_400;
/** Rolls, newest first, from [day, size] as they came. */
const rolls = (...steps: [day: number, size: number][]) =>
  steps.map(([day, size], i) => ({ number: i + 1, time: day * DAY, size })).reverse();
const fast = (...steps: [day: number, size: number][]) => {
  const found = findFastGrowth(rolls(...steps));
  return found && [found.from, found.roll.number];
};

describe('the growth of a group', () => {
  it('is pointed out where it was more than a third within a week', () => {
    expect(fast([0, 30], [7, 40])).toBeNull(); // a third
    expect(fast([0, 30], [7, 41])).toEqual([30, 2]);
    expect(fast([0, 30], [8, 41])).toEqual([30, 2]); // it stood at 30 until the day itself
    expect(fast([0, 30], [7, 35], [14, 45])).toBeNull();
    expect(fast([0, 12])).toBeNull(); // its first roll grew from nothing
  });

  it('is summed over small steps, and over a fall before the rise', () => {
    expect(fast([0, 30], [2, 34], [4, 38], [6, 41])).toEqual([30, 4]);
    expect(fast([0, 60], [1, 30], [3, 60])).toEqual([30, 3]); // half went, and as many others came
    expect(fast([0, 30], [2, 60], [30, 61])).toEqual([30, 2]); // who came then is still there
  });

  it('is pointed out where one roll brought more than half of the members', () => {
    const once = (...steps: [day: number, size: number][]) => {
      const found = findFilledAtOnce(rolls(...steps));
      return found && [found.added, found.roll.number];
    };
    expect(once([0, 40])).toEqual([40, 1]);
    expect(once([0, 20], [30, 40])).toBeNull(); // half
    expect(once([0, 19], [30, 40])).toEqual([21, 2]);
    expect(once([0, 15], [30, 30], [60, 40])).toBeNull();
    expect(once([0, 100], [30, 40])).toEqual([40, 1]); // no more than are there
    expect(findFilledAtOnce(rolls([0, 40], [30, 41], [60, 42]).slice(0, 2))).toBeNull(); // of the first, nothing is known
  });

  it('is told in sentences that name group, numbers and day', () => {
    const names = (many: number) => Array.from({ length: many }, (_, i) => `Person ${i}`);
    const first = createGroup('Pilots', names(9), systemRandom);
    const grown = createGroup('Pilots', names(30), systemRandom);
    const second = { ...nextRoll(first, first.members, first.header.time + DAY).header, size: grown.header.size };
    expect(growthWarnings([first.header])).toMatchObject([{ code: 'FILLED_AT_ONCE', loud: false, group: first.id }]);
    const [warning, ...more] = growthWarnings([second, first.header]);
    expect(warning).toMatchObject({
      code: 'GREW_FAST',
      text: expect.stringMatching(/^“Pilots” grew from 9 to 30 members within a week, by 16 January 2027\./),
    });
    expect(more).toEqual([]); // the same step is not told twice
    expect(growthWarnings([])).toEqual([]);
  });
});
