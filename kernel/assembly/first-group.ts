// Multiples and sums of points of the first group, four side by side, each lane with points and scalars of its own. Homogeneous
// coordinates and complete formulas: no point and no scalar needs a case of its own. For public values only.
import { first_add, first_double, ONE } from './arithmetic';
import { copyTurned } from './digits';
import { copyLane, laneOf } from './lanes';
import { allocate, mark, release, scratch } from './memory';

const QUAD: usize = 160;
/** Of four points: X, Y and Z. Infinity is (0 : 1 : 0). */
export const POINT: usize = 3 * QUAD;
/** 0 to 8 times a point. */
const ROW: usize = 9 * POINT;
/** Signed digits of four bits: of a scalar below 2^254, and of one below 2^128. */
export const WINDOWS: usize = 64;
export const SHORT_WINDOWS: usize = 33;

/** The digits of scalars of 32 bytes below 2^254, 64 bytes each, from -8 to 7: the bits that are free in the last take the carry. */
export function cutAll(scalars: usize, count: usize): usize {
  const digits = allocate(count * WINDOWS);
  for (let i: usize = 0; i < count; i++) {
    let carry = 0;
    for (let window: usize = 0; window < WINDOWS; window++) {
      const byte = <i32>load<u8>(scalars + 32 * i + (window >> 1));
      const digit = ((byte >> ((<i32>window & 1) << 2)) & 15) + carry;
      carry = (digit + 8) >> 4;
      store<i8>(digits + WINDOWS * i + window, <i8>(digit - (carry << 4)));
    }
  }
  return digits;
}

/** into = Σ scalar · point over `count` quads of affine points `stride` bytes apart; the digits of the lane of a quad lie 64 bytes apart. */
export function sumProducts(points: usize, stride: usize, digits: usize, count: usize, windows: usize, into: usize): void {
  const start = mark();
  const rows = allocate(count * ROW);
  const addend = allocate(POINT);
  for (let i: usize = 0; i < count; i++) makeRow(points + i * stride, rows + i * ROW);
  setInfinity(into);
  for (let window = windows; window > 0; window--) {
    if (window < windows) for (let bit = 0; bit < 4; bit++) first_double(into, scratch());
    for (let i: usize = 0; i < count; i++) {
      pickAddends(rows + i * ROW, digits + 4 * i * WINDOWS + window - 1, addend);
      first_add(into, addend, scratch());
    }
  }
  release(start);
}

function makeRow(point: usize, row: usize): void {
  setInfinity(row);
  const once = row + POINT;
  memory.copy(once, point, 2 * QUAD);
  memory.copy(once + 2 * QUAD, ONE, QUAD);
  for (let i: usize = 2; i < 9; i++) {
    memory.copy(row + i * POINT, row + (i - 1) * POINT, POINT);
    first_add(row + i * POINT, once, scratch());
  }
}

/** To each lane the multiple that its digit names, with its sign. */
function pickAddends(row: usize, digit: usize, into: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    const times = <i32>load<i8>(digit + lane * WINDOWS);
    const from = laneOf(row + <usize>abs<i32>(times) * POINT, lane);
    const to = laneOf(into, lane);
    copyLane(from, to);
    if (times < 0) copyTurned(from + QUAD, to + QUAD);
    else copyLane(from + QUAD, to + QUAD);
    copyLane(from + 2 * QUAD, to + 2 * QUAD);
  }
}

function setInfinity(into: usize): void {
  memory.fill(into, 0, POINT);
  memory.copy(into + QUAD, ONE, QUAD);
}
