// The scalars of the H section: (A B - C) on the odd powers of a root of unity of twice the order, as snarkjs computes them.
import {
  FR_ONE,
  fr_collect,
  fr_cross,
  fr_enter,
  fr_gather,
  fr_join,
  fr_mul2,
  fr_P,
  fr_power,
  fr_scale,
  fr_spread,
  WITNESS,
} from './arithmetic';
import { toCanonical, unpack } from './digits';
import { copyLane } from './lanes';
import { allocate, mark, release, scratch } from './memory';

/** Bytes of a coefficient of a proving key: matrix (0 for A, 1 for B), constraint, signal, and the value times 2^512. */
const COEFFICIENT: usize = 44;
const QUAD: usize = 160;

/**
 * `coefficients` and the witness (32 bytes a signal, below r) make A and B; C is their product. `size` is a power of two; `root` (of
 * that order), `shift` (of twice that order) and `inverse` (of size) are numbers of 32 bytes below r. Writes `size` numbers below r.
 */
export function quotient(
  coefficients: usize,
  count: usize,
  witness: usize,
  signals: usize,
  size: usize,
  root: usize,
  shift: usize,
  inverse: usize,
  into: usize,
): void {
  const start = mark();
  const values = allocate(size * QUAD);
  evaluate(coefficients, count, witness, signals, values, size);
  for (let i: usize = 0; i < size; i++) fr_cross(values + i * QUAD, scratch());
  const factors = allocate(size * QUAD);
  setPowers(FR_ONE, root, size >> 1, factors);
  toCoefficients(values, size, factors);
  const scales = allocate(size * QUAD);
  const first = allocate(QUAD);
  enter(inverse, first);
  setPowers(first, shift, size, scales);
  for (let i: usize = 0; i < size; i++) fr_scale(values + i * QUAD, scales + ((size - reversed(i, size)) & (size - 1)) * QUAD);
  toValues(values, size, factors);
  for (let i: usize = 0; i < size; i++) {
    fr_join(values + i * QUAD, scratch());
    toCanonical(values + i * QUAD, fr_P, into + ((size - i) & (size - 1)) * 32);
  }
  release(start);
}

/** A and B of each constraint, in the first two lanes. */
function evaluate(coefficients: usize, count: usize, witness: usize, signals: usize, values: usize, size: usize): void {
  const start = mark();
  const weighted = allocate(signals * 80);
  for (let i: usize = 0; i < signals; i++) {
    const signal = weighted + i * 80;
    unpack(witness + i * 32, signal);
    copyLane(signal, signal + 8);
    fr_mul2(signal, WITNESS, signal);
  }
  memory.fill(values, 0, size * QUAD);
  const product = allocate(80);
  for (let i: usize = 0; i < count; i++) {
    const at = coefficients + i * COEFFICIENT;
    memory.fill(product, 0, 80);
    unpack(at + 12, product + 8 * <usize>load<u32>(at));
    fr_mul2(product, weighted + 80 * <usize>load<u32>(at, 8), product);
    fr_collect(values + QUAD * <usize>load<u32>(at, 4), product);
  }
  release(start);
}

/** Decimation in frequency with the root itself: at the reversed place of k lies size · coefficient -k. */
function toCoefficients(values: usize, size: usize, factors: usize): void {
  for (let half = size >> 1; half > 0; half >>= 1) {
    const step = (size >> 1) / half;
    for (let block: usize = 0; block < size; block += 2 * half) {
      for (let i: usize = 0; i < half; i++) {
        const u = values + (block + i) * QUAD;
        fr_spread(u, u + half * QUAD, factors + i * step * QUAD, scratch());
      }
    }
  }
}

/** Decimation in time: since coefficients stand at -k, the value at root^-i comes to place i. */
function toValues(values: usize, size: usize, factors: usize): void {
  for (let half: usize = 1; half < size; half <<= 1) {
    const step = (size >> 1) / half;
    for (let block: usize = 0; block < size; block += 2 * half) {
      for (let i: usize = 0; i < half; i++) {
        const u = values + (block + i) * QUAD;
        fr_gather(u, u + half * QUAD, factors + i * step * QUAD, scratch());
      }
    }
  }
}

/** first, first · base, first · base², … in all lanes. */
function setPowers(first: usize, base: usize, count: usize, into: usize): void {
  const factor = allocate(QUAD);
  enter(base, factor);
  memory.copy(into, first, QUAD);
  for (let i: usize = 1; i < count; i++) fr_power(into + (i - 1) * QUAD, factor, into + i * QUAD);
}

/** A number below r, in Montgomery form, in all lanes. */
function enter(number: usize, into: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) unpack(number, into + 80 * (lane >> 1) + 8 * (lane & 1));
  fr_enter(into);
}

/** The bits of a place in reverse. */
function reversed(place: usize, size: usize): usize {
  let result: usize = 0;
  for (let bit: usize = 1; bit < size; bit <<= 1) {
    result = (result << 1) | (place & 1);
    place >>= 1;
  }
  return result;
}
