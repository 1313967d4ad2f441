// Multiples of many points of Baby Jubjub, four side by side. What is said of time in edwards-multiply.ts holds here too.
import { BESIDE_HALF, beside_add, beside_add_half, beside_addend, beside_double, beside_double_only, beside_subtract } from './arithmetic';
import { pickEach, pickOwn, turnEach } from './digits';
import { addLanes, enterAll, GROUP, HALF_ADDEND, setIdentities, toHalfAddends } from './edwards-beside';
import { cut, ROW as TABLE_ROW, WINDOWS } from './edwards-multiply';
import { QUAD } from './edwards-points';
import { allocate, mark, release, scratch } from './memory';

/** Multiples 1 to 8 of a point. */
const EIGHT: usize = 8;
/** Of four points, 0 to 8 times each, as half addends. */
const ROW: usize = (EIGHT + 1) * HALF_ADDEND;
/** Bits of a public scalar that is below 2^251, with a carry. */
const BITS: usize = 252;
/** A public scalar's digits are odd and below 16, and at least four zeros stand between two. */
const NAF_BITS: usize = 5;
/** Sizes of the digits of four lanes, and their signs: 8 bytes each. */
const DIGITS: usize = 64;

/** Each of `count` points, a multiple of four, becomes scalar · point for one public scalar of 32 bytes below 2^251. */
export function multiplyAll(points: usize, count: usize, scalar: usize): void {
  const start = mark();
  const digits = allocate(BITS);
  cutPublic(scalar, digits);
  let top = BITS;
  while (top > 0 && load<i8>(digits + top - 1) === 0) top--;
  const row = allocate(EIGHT * GROUP);
  for (let g: usize = 0; g < count >> 2; g++) multiplyGroup(points + g * GROUP, digits, top, row);
  release(start);
}

function multiplyGroup(group: usize, digits: usize, top: usize, row: usize): void {
  makeOddRow(group, row);
  setIdentities(group);
  for (let i = top; i > 0; i--) {
    const digit = <i32>load<i8>(digits + i - 1);
    if (digit === 0 && i > 1) beside_double_only(group, scratch());
    else beside_double(group, scratch());
    if (digit > 0) beside_add(group, row + (<usize>digit >> 1) * GROUP, scratch());
    else if (digit < 0) beside_subtract(group, row + (<usize>-digit >> 1) * GROUP, scratch());
  }
}

/** The addends of 1, 3, … 15 times the points of a group. */
function makeOddRow(group: usize, row: usize): void {
  const start = mark();
  const multiple = allocate(GROUP);
  const twice = allocate(GROUP);
  memory.copy(multiple, group, GROUP);
  beside_double(multiple, scratch());
  beside_addend(multiple, twice, scratch());
  memory.copy(multiple, group, GROUP);
  for (let i: usize = 0; i < EIGHT; i++) {
    if (i > 0) beside_add(multiple, twice, scratch());
    beside_addend(multiple, row + i * GROUP, scratch());
  }
  release(start);
}

/** Bit by bit 0 or an odd digit from -15 to 15, after which four zeros come. */
function cutPublic(scalar: usize, digits: usize): void {
  memory.fill(digits, 0, BITS);
  let carry: u32 = 0;
  let i: usize = 0;
  while (i < BITS) {
    const byte = min<usize>(i >> 3, 28);
    const bits = (load<u32>(scalar + byte) >> <u32>(i - 8 * byte)) + carry;
    if ((bits & 1) === 0) {
      i++; // a one and the carry are the carry
      continue;
    }
    const digit = <i32>(bits & 31);
    carry = digit > 15 ? 1 : 0;
    store<i8>(digits + i, <i8>(digit - ((<i32>carry) << 5)));
    i += NAF_BITS;
  }
}

/** Each of `count` points, a multiple of four, grows by its own secret scalar · the point of a table. */
export function addAllByTable(points: usize, table: usize, scalars: usize, count: usize): void {
  const start = mark();
  const digits = allocate(4 * WINDOWS);
  const chosen = allocate(DIGITS);
  const addend = allocate(HALF_ADDEND);
  for (let g: usize = 0; g < count >> 2; g++) {
    for (let lane: usize = 0; lane < 4; lane++) cut(scalars + 32 * (4 * g + lane), digits + lane * WINDOWS);
    for (let window: usize = 0; window < WINDOWS; window++) {
      choose(digits + window, chosen);
      pickOwn(table + window * TABLE_ROW, chosen, addend);
      addTurned(points + g * GROUP, addend, chosen);
    }
  }
  release(start);
}

/**
 * The sum of scalar · point for secret scalars, with the doublings of one multiplication for all of them (Straus 1964), as a point by
 * itself. The number of points from outside is a multiple of four. What is taken of the memory, some 3 kB a point, is the caller's to
 * take back and to overwrite.
 */
export function sumOfSecretProducts(points: usize, scalars: usize, count: usize, into: usize): void {
  const groups = count >> 2;
  const digits = allocate(count * WINDOWS);
  for (let i: usize = 0; i < count; i++) cut(scalars + 32 * i, digits + i * WINDOWS);
  const rows = makeHalfRows(points, groups);
  const chosen = allocate(DIGITS);
  const addend = allocate(HALF_ADDEND);
  const sums = allocate(GROUP);
  setIdentities(sums);
  for (let window: usize = WINDOWS; window > 0; window--) {
    if (window < WINDOWS) for (let bit = 0; bit < 4; bit++) beside_double(sums, scratch());
    for (let g: usize = 0; g < groups; g++) {
      choose(digits + 4 * g * WINDOWS + window - 1, chosen);
      pickEach(rows + g * ROW, chosen, addend);
      addTurned(sums, addend, chosen);
    }
  }
  addLanes(sums, into);
}

/** For each group of points from outside the half addends of 0 to 8 times its points. */
function makeHalfRows(points: usize, groups: usize): usize {
  const rows = allocate(groups * ROW);
  const start = mark();
  const entered = allocate(groups * GROUP);
  const multiples = allocate(groups * EIGHT * GROUP);
  const addend = allocate(GROUP);
  enterAll(points, 4 * groups, entered);
  for (let g: usize = 0; g < groups; g++) {
    const own = multiples + g * EIGHT * GROUP;
    beside_addend(entered + g * GROUP, addend, scratch());
    memory.copy(own, entered + g * GROUP, GROUP);
    for (let i: usize = 1; i < EIGHT; i++) {
      memory.copy(own + i * GROUP, own + (i - 1) * GROUP, GROUP);
      beside_add(own + i * GROUP, addend, scratch());
    }
  }
  fillRows(multiples, groups, rows);
  release(start);
  return rows;
}

function fillRows(multiples: usize, groups: usize, rows: usize): void {
  const addends = allocate(groups * EIGHT * HALF_ADDEND);
  toHalfAddends(multiples, groups * EIGHT, addends);
  for (let g: usize = 0; g < groups; g++) {
    const row = rows + g * ROW;
    memory.copy(row, BESIDE_HALF, QUAD);
    memory.fill(row + QUAD, 0, QUAD);
    memory.copy(row + 2 * QUAD, BESIDE_HALF, QUAD);
    memory.copy(row + HALF_ADDEND, addends + g * EIGHT * HALF_ADDEND, EIGHT * HALF_ADDEND);
  }
}

/** The sizes of four lanes' digits, which lie a scalar's digits apart, and their signs. */
function choose(digits: usize, chosen: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    const digit = <i64>load<i8>(digits + lane * WINDOWS);
    const sign = digit >> 63;
    store<i64>(chosen + 8 * lane, (digit ^ sign) - sign);
    store<i64>(chosen + 32 + 8 * lane, sign);
  }
}

function addTurned(points: usize, addend: usize, chosen: usize): void {
  turnEach(addend, chosen + 32);
  beside_add_half(points, addend, scratch());
}
