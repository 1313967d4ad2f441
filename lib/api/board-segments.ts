// SPEC §13.1: how a board is cut into segments, and when a segment is the one that was announced
import type { BoardHead } from '#lib/protocol/board/checkpoint.ts';
import type { BoardRange } from './shapes.ts';

const ENTRIES = 1_000;
const CHECKPOINTS = 200;

/**
 * Whether a segment that holds so much is full, so that the next checkpoint begins another. The rule is a function of the board
 * alone: every reader gets the same addresses of whole segments, and caches serve everybody. The last range of a board may end
 * anywhere and could be cut for one reader: a reader keeps a cache from holding it (`lib/signing/read-board.ts`).
 */
export function isSegmentFull(held: { checkpoints: number; entries: number }): boolean {
  return held.entries >= ENTRIES || held.checkpoints >= CHECKPOINTS;
}

/**
 * Whether checkpoints that have been checked one by one, and led from one head to another, are those that an index announced.
 * Neither the index nor a cache is trusted: a range may begin elsewhere, hold nothing or too little, or be of another board.
 */
export function isAnnounced({ from, to, hash }: BoardRange, before: BoardHead, after: BoardHead): boolean {
  return from === before.number + 1 && to >= from && to === after.number && hash === after.hash;
}
