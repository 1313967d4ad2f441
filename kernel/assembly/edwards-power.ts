// Powers of elements of the field of scalars.
import { EXPONENT, EXPONENT_BITS, EXPONENT_LENGTH, FR_ONE, fr_mul2, fr_sqr2 } from './arithmetic';
import { allocate, mark, release } from './memory';

export const BLOCK: usize = 80;

/** a^e in both lanes of a block, by the windows of an exponent that all may know. */
export function power(a: usize, exponent: usize, length: usize, into: usize): void {
  const start = mark();
  const table = allocate(BLOCK << EXPONENT_BITS);
  const result = allocate(BLOCK);
  memory.copy(table, FR_ONE, BLOCK);
  for (let i: usize = 1; i < 1 << EXPONENT_BITS; i++) fr_mul2(table + BLOCK * (i - 1), a, table + BLOCK * i);
  memory.copy(result, table + BLOCK * <usize>load<u8>(exponent), BLOCK);
  for (let i: usize = 1; i < length; i++) {
    for (let bit = 0; bit < EXPONENT_BITS; bit++) fr_sqr2(result, result);
    fr_mul2(result, table + BLOCK * <usize>load<u8>(exponent + i), result);
  }
  memory.copy(into, result, BLOCK);
  release(start);
}

/** 1/a in each of the four lanes of a quad: one inversion of the products of the blocks. */
export function invertQuad(a: usize, into: usize): void {
  const start = mark();
  const product = allocate(BLOCK);
  const inverse = allocate(2 * BLOCK);
  fr_mul2(a, a + BLOCK, product);
  power(product, EXPONENT, EXPONENT_LENGTH, product);
  fr_mul2(product, a + BLOCK, inverse);
  fr_mul2(product, a, inverse + BLOCK);
  memory.copy(into, inverse, 2 * BLOCK);
  release(start);
}
