// 1 / √n in the field of scalars, whose order less one is 2^28 times an odd number m. With c = n^((m - 1) / 2) and b = n c² = n^m, which
// is a power of the root of unity g, say g^k: n has a root exactly where k is even, and then c g^(-k / 2) is one of 1 / n. The seven
// bits of k at a time are found in a table of powers of an element of order 128 (Pohlig and Hellman 1978). For public values only.
import { FR_ENTER, FR_ONE, fr_mul2, fr_P, fr_sqr2, INTEGER_ONE, ROOT_EXPONENT, ROOT_EXPONENT_LENGTH, ROOT_OF_UNITY } from './arithmetic';
import { toCanonical, unpack } from './digits';
import { BLOCK, power } from './edwards-power';
import { allocate, mark, release } from './memory';

const ROW: usize = 128;
const ROWS: usize = 4;

/** g^(-2^(7 row) i) at (128 row + i), and of the powers of order 128, g^(2^21 i), the lowest word. */
let powers: usize = 0;
let words: usize = 0;

/** Makes what `inverseRoot` looks up; it takes 42 kB for good. */
export function prepareRoots(): void {
  powers = allocate(ROWS * ROW * BLOCK);
  words = allocate(ROW << 3);
  const start = mark();
  const step = allocate(BLOCK);
  memory.copy(step, ROOT_OF_UNITY, BLOCK);
  for (let row: usize = 0; row < ROWS; row++) {
    memory.copy(entry(row, 0), FR_ONE, BLOCK);
    for (let i: u32 = 1; i < 128; i++) fr_mul2(entry(row, i - 1), step, entry(row, i));
    fr_mul2(entry(row, 127), step, step);
  }
  // The inverse of the i-th power is the one of 128 - i.
  for (let i: u32 = 0; i < 128; i++) store<u64>(words + (((128 - i) & 127) << 3), wordOf(entry(3, i)));
  release(start);
}

/** Writes one of the two numbers whose square is 1 / n, for n of 32 bytes from 1 to r - 1; false where there is none. */
export function inverseRoot(n: usize, into: usize): bool {
  const start = mark();
  const number = allocate(BLOCK);
  const root = allocate(BLOCK);
  memory.fill(number, 0, BLOCK);
  unpack(n, number);
  fr_mul2(number, FR_ENTER, number);
  power(number, ROOT_EXPONENT, ROOT_EXPONENT_LENGTH, root);
  const rest = allocate(BLOCK);
  fr_mul2(root, root, rest);
  fr_mul2(rest, number, rest);
  const k = exponentOf(rest);
  const isSquare = (k & 1) === 0;
  if (isSquare) {
    for (let row: usize = 0; row < ROWS; row++) fr_mul2(root, entry(row, ((k >> 1) >> (7 * <u32>row)) & 127), root);
    writeNumber(root, into);
  }
  release(start);
  return isSquare;
}

/** k for g^k, row by row from the lowest. Ends at the first where k is odd. */
function exponentOf(element: usize): u32 {
  const raised = allocate(BLOCK);
  let k: u32 = 0;
  for (let row: usize = 0; row < ROWS; row++) {
    memory.copy(raised, element, BLOCK);
    for (let i = 7 * row; i < 21; i++) fr_sqr2(raised, raised);
    const digit = digitOf(wordOf(raised));
    k |= digit << (7 * <u32>row);
    if ((k & 1) !== 0) return k;
    fr_mul2(element, entry(row, digit), element);
  }
  return k;
}

function entry(row: usize, digit: u32): usize {
  return powers + (ROW * row + <usize>digit) * BLOCK;
}

function digitOf(word: u64): u32 {
  for (let i: usize = 0; i < ROW; i++) if (load<u64>(words + (i << 3)) === word) return <u32>i;
  return unreachable();
}

/** The lowest word of an element, out of Montgomery form. */
function wordOf(element: usize): u64 {
  const start = mark();
  const bytes = allocate(32);
  writeNumber(element, bytes);
  const word = load<u64>(bytes);
  release(start);
  return word;
}

function writeNumber(element: usize, into: usize): void {
  const start = mark();
  const number = allocate(BLOCK);
  fr_mul2(element, INTEGER_ONE, number);
  toCanonical(number, fr_P, into);
  release(start);
}
