// Points of both groups: `degree` is 1 for the first, 2 for the second. See generator/curve.ts for how they lie in memory.
import { fq_mul2, IMPORT } from './arithmetic';
import { unpack } from './digits';

export function pointSize(degree: i32): usize {
  return <usize>degree * 80;
}

/** Infinity is all zero; y is 0 for no other point, so its digits tell. */
export function isInfinity(degree: i32, point: usize): bool {
  const size = pointSize(degree);
  for (let i: usize = 8; i < size; i += 16) if (load<f64>(point + i) !== 0) return false;
  return true;
}

/** Points of a proving key: affine, x then y, components of 32 bytes in Montgomery form with 2^256, infinity all zero. */
export function importPoints(degree: i32, bytes: usize, count: i32, into: usize): void {
  const component = <usize>degree * 32;
  for (let i: usize = 0; i < <usize>count; i++) {
    for (let c: usize = 0; c < <usize>degree; c++) {
      const from = bytes + i * 2 * component + 32 * c;
      const to = into + i * pointSize(degree) + 80 * c;
      unpack(from, to);
      unpack(from + component, to + 8);
      fq_mul2(to, IMPORT, to);
    }
  }
}
