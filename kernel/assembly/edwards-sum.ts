// Sums of scalar · point on Baby Jubjub for public values (Pippenger): signed windows, and for each window buckets of points.
import { edwards_add, edwards_addend, edwards_double, edwards_subtract, IDENTITY, NO_ADDEND } from './arithmetic';
import { enterAddends, QUAD } from './edwards-points';
import { allocate, mark, release, scratch } from './memory';
import { bits, cut, digitOf, half, windows } from './windows';

/** The sum for points from outside and scalars of 32 bytes below 2^254, as a point of this memory. Takes a time that tells the scalars. */
export function sumOfProducts(points: usize, scalars: usize, count: usize, into: usize): void {
  const start = mark();
  const addends = allocate(count * QUAD);
  enterAddends(points, count, addends);
  cut(scalars, count, 0);
  const buckets = allocate(half * QUAD);
  memory.copy(into, IDENTITY, QUAD);
  for (let window = windows; window > 0; window--) {
    if (window < windows) for (let bit = 0; bit < bits; bit++) edwards_double(into, into, scratch());
    if (fillBuckets(addends, count, window - 1, buckets)) addBuckets(buckets, into);
  }
  release(start);
}

/** Adds each point to the bucket of its digit's size. Returns whether there was any. */
function fillBuckets(addends: usize, count: usize, window: usize, buckets: usize): bool {
  let any = false;
  for (let i: usize = 0; i < half; i++) memory.copy(buckets + i * QUAD, IDENTITY, QUAD);
  for (let i: usize = 0; i < count; i++) {
    const digit = digitOf(window, i);
    if (digit === 0) continue;
    any = true;
    const bucket = buckets + <usize>(abs<i32>(digit) - 1) * QUAD;
    if (digit > 0) edwards_add(bucket, addends + i * QUAD, bucket, scratch());
    else edwards_subtract(bucket, addends + i * QUAD, bucket, scratch());
  }
  return any;
}

/** into += Σ i · bucket i, from the last bucket down, with additions alone: what has been added up so far is an addend of both sums. */
function addBuckets(buckets: usize, into: usize): void {
  const start = mark();
  const running = allocate(QUAD);
  const addend = allocate(QUAD);
  memory.copy(addend, NO_ADDEND, QUAD);
  for (let i = half; i > 0; i--) {
    edwards_add(buckets + (i - 1) * QUAD, addend, running, scratch());
    edwards_addend(running, addend, scratch());
    edwards_add(into, addend, into, scratch());
  }
  release(start);
}
