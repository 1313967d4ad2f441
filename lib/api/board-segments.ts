// SPEC §13.1: where a board is cut into segments
const ENTRIES = 1_000;
const CHECKPOINTS = 200;

/**
 * Whether a segment that holds so much is full, so that the next checkpoint begins another. The rule is a function of the board
 * alone: every reader gets the same addresses, caches serve everybody, and no cut can be made to recognise one reader.
 */
export function isSegmentFull(held: { checkpoints: number; entries: number }): boolean {
  return held.entries >= ENTRIES || held.checkpoints >= CHECKPOINTS;
}
