import type { Board } from '#lib/protocol/board/reader.ts';

/** A board as far as it has been read, null where its entries have been erased; the last of its readings, and one that has not begun. */
export type Follower = { board: Board | null; turn: Promise<unknown>; next: Promise<void> | null };
