import type { Board } from '#lib/protocol/board/reader.ts';

/** A board as far as it has been read, null where its entries have been erased; and the reading that is going on. */
export type Follower = { board: Board | null; turn: Promise<unknown> };
