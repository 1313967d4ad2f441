import { expect, it } from 'vitest';
import { growthOf } from '#app/groups/[id]/roll-growth.ts';

it('shows every change in size from roll to roll, newest first', () => {
  const sizes = [40, 1240, 1240, 30].map((size, i) => ({ size, number: 4 - i }));
  expect(growthOf(sizes).map(({ growth }) => growth)).toEqual(['−1,200', 'Same size', '+1,210', 'First']);
  expect(growthOf(sizes.slice(0, 2)).map(({ growth }) => growth)).toEqual(['−1,200', 'Not listed']);
});
