// What the generator does not write: sequences over the base field whose bounds generator/curve.ts demands.
import { EXPONENT, EXPONENT_BITS, EXPONENT_LENGTH, fq_mul2, fq_sqr2, ONE } from './arithmetic';
import { allocate, mark, release } from './memory';

/** 1/a in each of the four lanes of a quad, 0 for 0: one inversion of the products of the blocks. */
export function invertQuad(a: usize, into: usize): void {
  const start = mark();
  const product = allocate(80);
  const inverse = allocate(160);
  fq_mul2(a, a + 80, product);
  invertBlock(product, product);
  fq_mul2(product, a + 80, inverse);
  fq_mul2(product, a, inverse + 80);
  memory.copy(into, inverse, 160);
  release(start);
}

/** a^(p - 2) in both lanes, by windows of the exponent. */
function invertBlock(a: usize, into: usize): void {
  const start = mark();
  const powers = allocate(80 << EXPONENT_BITS);
  const result = allocate(80);
  memory.copy(powers, ONE, 80);
  for (let i: usize = 1; i < 1 << EXPONENT_BITS; i++) fq_mul2(powers + 80 * (i - 1), a, powers + 80 * i);
  memory.copy(result, powers + 80 * <usize>load<u8>(EXPONENT), 80);
  for (let i: usize = 1; i < EXPONENT_LENGTH; i++) {
    for (let bit = 0; bit < EXPONENT_BITS; bit++) fq_sqr2(result, result);
    fq_mul2(result, powers + 80 * <usize>load<u8>(EXPONENT + i), result);
  }
  memory.copy(into, result, 80);
  release(start);
}
