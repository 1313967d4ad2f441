// The last part of a sum: the points of the bits, from the highest, doubling in between. One point at a time, in the first lane.
import { fq_P, g1_add, g1_leave, g2_add, g2_leave, ONE } from './arithmetic';
import { toCanonical } from './digits';
import { copyLane } from './lanes';
import { allocate, mark, release, scratch } from './memory';

/** The sum of 2^i · the i-th point, of pointers that may be 0, as X, Y and Z below p, 32 bytes a component; Z = 0 is infinity. */
export function combineBits(degree: i32, heads: usize, count: usize, into: usize): void {
  const start = mark();
  const element = <usize>degree * 160;
  const sum = allocate(3 * element);
  const point = allocate(3 * element);
  setInfinity(element, sum);
  let begun = false;
  for (let i = count; i > 0; i--) {
    const head = load<u32>(heads + ((i - 1) << 2));
    if (begun) add(degree, sum, sum);
    if (head === 0) continue;
    begun = true;
    lift(degree, element, head, point);
    add(degree, sum, point);
  }
  if (degree === 1) g1_leave(sum, scratch());
  else g2_leave(sum, scratch());
  for (let i: usize = 0; i < <usize>degree * 3; i++) toCanonical(sum + 160 * i, fq_P, into + 32 * i);
  release(start);
}

function add(degree: i32, p: usize, q: usize): void {
  if (degree === 1) g1_add(p, q, scratch());
  else g2_add(p, q, scratch());
}

/** (0 : 1 : 0). */
function setInfinity(element: usize, into: usize): void {
  memory.fill(into, 0, 3 * element);
  copyLane(ONE, into + element);
}

/** (x : y : 1). */
function lift(degree: i32, element: usize, point: usize, into: usize): void {
  setInfinity(element, into);
  for (let c: usize = 0; c < <usize>degree; c++) {
    copyLane(point + 80 * c, into + 160 * c);
    copyLane(point + 80 * c + 8, into + element + 160 * c);
  }
  copyLane(ONE, into + 2 * element);
}
