// Lanes as they are, whatever their slots of 8 bytes hold: a digit or two.

export function copyLane(from: usize, to: usize): void {
  for (let i: usize = 0; i < 80; i += 16) store<u64>(to + i, load<u64>(from + i));
}

/** Whether all digits are 0. Compared as doubles, since a double may be -0; two digits that are not 0 are no double that is. */
export function isZeroLane(lane: usize): bool {
  for (let i: usize = 0; i < 80; i += 16) if (load<f64>(lane + i) !== 0) return false;
  return true;
}

/** Where a lane of a quad begins. */
export function laneOf(quad: usize, lane: usize): usize {
  return quad + 80 * (lane >> 1) + 8 * (lane & 1);
}
