// SPEC §12.4, the fourth and fifth chapters of a record: checkpoints and cosignatures
import type { ListedCheckpoint } from '../board/checkpoint.ts';
import { type Cosignature, contradictions, lastFinal } from '../board/cosignature.ts';
import { type Board, extendBoard, readCheckpoint } from '../board/reader.ts';
import { contextOf, keyOf, type Reading } from './reading.ts';

/** Reads a checkpoint without entries. Of a bad one the next takes over number and hash, so that one fault is told once. */
export function readCheckpointLine(reading: Reading, line: ListedCheckpoint): void {
  const [context, board] = [contextOf(reading), reading.board as Board];
  const facts = readCheckpoint(context, keyOf(reading), board, { checkpoint: line });
  if (!facts.ok) reading.notebook.fail(reading.line, 'checkpoints', facts.code, facts.detail);
  const { listed, ...checkpoint } = line;
  extendBoard(context, board, { checkpoint, listed, entries: null });
  reading.live.push(checkpoint.live);
  if (!reading.numbers.has(board.head.hash)) reading.numbers.set(board.head.hash, board.hashes.length);
}

export function readCosignature(reading: Reading, message: Cosignature): void {
  reading.cosignatures.push({ line: reading.line, message });
}

/** Finds the last final checkpoint. A cosignature of something else must contradict another of its author. */
export function closeCosignatures(reading: Reading): void {
  const { hashes } = reading.board as Board;
  const all = reading.cosignatures.map(({ message }) => message);
  const contradicting = new Set(contradictions(hashes, all));
  for (const { line, message } of reading.cosignatures) {
    if (hashes[message.number - 1] === message.checkpoint || contradicting.has(message)) continue;
    const detail = `the record has no such checkpoint ${message.number} as trustee ${message.trustee} cosigned`;
    reading.notebook.fail(line, 'cosignatures', 'COSIGNATURE_CHECKPOINT', detail);
  }
  reading.final = lastFinal(contextOf(reading).statement, hashes, all);
}
