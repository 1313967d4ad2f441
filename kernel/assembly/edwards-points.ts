// Points of Baby Jubjub: see generator/edwards.ts for how they lie in memory. A point and an addend take a quad each.
import { edwards_addend, edwards_enter, edwards_leave, fr_P } from './arithmetic';
import { toCanonical, unpack } from './digits';
import { laneOf } from './lanes';
import { allocate, mark, release, scratch } from './memory';

export const QUAD: usize = 160;
/** Of a point outside: X, Y, T and Z below r, 32 bytes each, little-endian. */
export const POINT_BYTES: usize = 128;

export function enterPoint(bytes: usize, into: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) unpack(bytes + 32 * lane, laneOf(into, lane));
  edwards_enter(into);
}

export function leavePoint(point: usize, bytes: usize): void {
  const start = mark();
  const numbers = allocate(QUAD);
  edwards_leave(point, numbers, scratch());
  for (let lane: usize = 0; lane < 4; lane++) toCanonical(laneOf(numbers, lane), fr_P, bytes + 32 * lane);
  release(start);
}

/** Points from outside as addends. */
export function enterAddends(bytes: usize, count: usize, into: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const addend = into + i * QUAD;
    enterPoint(bytes + i * POINT_BYTES, addend);
    edwards_addend(addend, addend, scratch());
  }
}
