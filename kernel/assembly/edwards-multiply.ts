// Multiples by fixed windows of four bits, the digits from -8 to 8. All secret scalars take the same steps; a secret digit's addend is put
// together out of all addends of its window, so that no address and no branch depends on it.
import { edwards_add, edwards_addend, edwards_double, edwards_subtract, FR_ONE, IDENTITY, NO_ADDEND } from './arithmetic';
import { pick, turnIf } from './digits';
import { HALF_ADDEND, putPoint, toHalfAddends } from './edwards-beside';
import { enterPoint, QUAD } from './edwards-points';
import { copyLane, laneOf } from './lanes';
import { allocate, mark, release, scratch } from './memory';

/** Of a scalar below 2^251. */
export const WINDOWS: usize = 63;
/** Of a window: 0 to 8 times a point, as addends. */
const ADDENDS: usize = 9;
export const ROW: usize = ADDENDS * QUAD;
const EIGHT: usize = ADDENDS - 1;

/** scalar · point, for a point from outside and a scalar of 32 bytes below 2^251. The result is a point of this memory. */
export function multiply(point: usize, scalar: usize, isSecret: bool, into: usize): void {
  const digits = allocate(WINDOWS);
  const base = allocate(QUAD);
  const row = allocate(ROW);
  enterPoint(point, base);
  makeRow(base, row);
  cut(scalar, digits);
  memory.copy(into, IDENTITY, QUAD);
  let top = WINDOWS;
  if (!isSecret) while (top > 0 && load<i8>(digits + top - 1) === 0) top--;
  for (let i = top; i > 0; i--) {
    if (i < top) for (let bit = 0; bit < 4; bit++) edwards_double(into, into, scratch());
    addDigit(row, load<i8>(digits + i - 1), isSecret, into);
  }
}

/** 8 · point, for a point from outside, as a point of this memory. */
export function timesEight(point: usize, into: usize): void {
  enterPoint(point, into);
  for (let i = 0; i < 3; i++) edwards_double(into, into, scratch());
}

export function tableBytes(): usize {
  return WINDOWS * ROW;
}

/** The addends of every window for a point from outside, with a Z of 1: multiplications by the table need no doublings. */
export function makeTable(point: usize, table: usize): void {
  const start = mark();
  const multiples = allocate(WINDOWS * EIGHT * QUAD);
  const base = allocate(QUAD);
  const addend = allocate(QUAD);
  const multiple = allocate(QUAD);
  enterPoint(point, base);
  for (let window: usize = 0; window < WINDOWS; window++) {
    edwards_addend(base, addend, scratch());
    memory.copy(multiple, IDENTITY, QUAD);
    for (let i: usize = 0; i < EIGHT; i++) {
      edwards_add(multiple, addend, multiple, scratch());
      putPoint(multiple, multiples, EIGHT * window + i);
    }
    edwards_double(multiple, base, scratch());
  }
  fillTable(multiples, table);
  release(start);
}

/** To each window nothing, and the half addends of its eight multiples. */
function fillTable(multiples: usize, table: usize): void {
  const addends = allocate(2 * WINDOWS * HALF_ADDEND);
  toHalfAddends(multiples, 2 * WINDOWS, addends);
  for (let window: usize = 0; window < WINDOWS; window++) {
    memory.copy(table + window * ROW, NO_ADDEND, QUAD);
    for (let i: usize = 0; i < EIGHT; i++) {
      const from = addends + (2 * window + (i >> 2)) * HALF_ADDEND;
      const into = table + window * ROW + (i + 1) * QUAD;
      for (let c: usize = 0; c < 3; c++) copyLane(laneOf(from + c * QUAD, i & 3), laneOf(into, c));
      copyLane(FR_ONE, laneOf(into, 3));
    }
  }
}

/** The same as `multiply` for the point of a table. */
export function multiplyByTable(table: usize, scalar: usize, isSecret: bool, into: usize): void {
  const digits = allocate(WINDOWS);
  cut(scalar, digits);
  memory.copy(into, IDENTITY, QUAD);
  for (let i: usize = 0; i < WINDOWS; i++) addDigit(table + i * ROW, load<i8>(digits + i), isSecret, into);
}

function makeRow(base: usize, row: usize): void {
  const start = mark();
  const multiple = allocate(QUAD);
  memory.copy(row, NO_ADDEND, QUAD);
  edwards_addend(base, row + QUAD, scratch());
  memory.copy(multiple, base, QUAD);
  for (let i: usize = 2; i < ADDENDS; i++) {
    edwards_add(multiple, row + QUAD, multiple, scratch());
    edwards_addend(multiple, row + i * QUAD, scratch());
  }
  release(start);
}

/** Digits from -8 to 7, and up to 8 in the last window, where a carry can only fill what a scalar below 2^251 leaves free. */
export function cut(scalar: usize, digits: usize): void {
  let carry = 0;
  for (let i: usize = 0; i < WINDOWS; i++) {
    const digit = ((<i32>load<u8>(scalar + (i >> 1)) >> ((<i32>i & 1) << 2)) & 15) + carry;
    carry = i === WINDOWS - 1 ? 0 : (digit + 8) >> 4;
    store<i8>(digits + i, <i8>(digit - (carry << 4)));
  }
}

function addDigit(row: usize, digit: i32, isSecret: bool, into: usize): void {
  const sign = digit >> 31;
  const size = (digit ^ sign) - sign;
  if (isSecret) {
    const start = mark();
    const addend = allocate(QUAD);
    pick(row, size, addend);
    negateIf(addend, sign);
    edwards_add(into, addend, into, scratch());
    release(start);
  } else if (digit > 0) edwards_add(into, row + <usize>size * QUAD, into, scratch());
  else if (digit < 0) edwards_subtract(into, row + <usize>size * QUAD, into, scratch());
}

/** The addend of the opposite point where `sign` is -1, and the same where it is 0. */
function negateIf(addend: usize, sign: i32): void {
  const mask = <u64>(<i64>sign);
  for (let i: usize = 0; i < 80; i += 16) {
    const less = addend + i;
    const more = less + 80;
    const both = (load<u64>(less) ^ load<u64>(more)) & mask;
    store<u64>(less, load<u64>(less) ^ both);
    store<u64>(more, load<u64>(more) ^ both);
  }
  turnIf(laneOf(addend, 1), sign);
}
