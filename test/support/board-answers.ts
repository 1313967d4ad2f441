import { isSegmentFull } from '#lib/api/board-segments.ts';
import type { BoardIndex } from '#lib/api/shapes.ts';
import { checkpointHash, type ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';

export type BoardSegment = { checkpoints: ListedCheckpoint[] };

/**
 * What a platform with these checkpoints answers to `…/board?after=N` and `…/board/FROM/HASH`; null where it has nothing.
 * @param isFull where segments end: by the rule of the platform, unless a test wants short ones
 */
export function answerBoard(board: readonly ListedCheckpoint[], path: string, isFull = isSegmentFull): BoardIndex | BoardSegment | null {
  const [, from, hash] = path.match(/\/board\/(\d+)\/([0-9a-f]{64})$/) ?? [];
  if (from === undefined) return indexOf(board, Number(path.match(/\/board\?after=(\d+)$/)?.[1] ?? 0), isFull);
  const to = board.findIndex((checkpoint) => checkpointHash(checkpoint) === hash) + 1;
  return to < Number(from) ? null : { checkpoints: board.slice(Number(from) - 1, to) };
}

function indexOf(board: readonly ListedCheckpoint[], after: number, isFull: typeof isSegmentFull): BoardIndex {
  const segments: BoardIndex['segments'] = [];
  let held = { checkpoints: 0, entries: 0 };
  let from = after + 1;
  for (const [i, checkpoint] of board.entries()) {
    held = { checkpoints: held.checkpoints + 1, entries: held.entries + checkpoint.listed.length };
    const isEnd = isFull(held) || i + 1 === board.length;
    if (isEnd) held = { checkpoints: 0, entries: 0 };
    if (!isEnd || i < after) continue;
    segments.push({ from, to: i + 1, hash: checkpointHash(checkpoint) });
    from = i + 2;
  }
  return { head: board.length, segments };
}
