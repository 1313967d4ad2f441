// What a trustee has verified of a board, so that no proof is checked twice
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { checkpointShape } from '#lib/protocol/board/checkpoint.ts';
import { saidShape } from '#lib/protocol/board/signature.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { fieldText, hex32, pointText, type Shape, unixTime } from '#lib/protocol/messages/shape.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { type BoardView, createView, extendView, type VerifiedCheckpoint } from './board-view.ts';
import type { TrusteeContext } from './context.ts';
import { appendLines, readLines } from './line-log.ts';
import { boardFile, provenFile } from './statement-files.ts';

const entryFactsShape = z.strictObject({ nullifier: fieldText, said: saidShape, ephemeral: pointText, sealed: pointText, hash: hex32 });
const checkpointLineShape: Shape<VerifiedCheckpoint> = z.strictObject({
  checkpoint: checkpointShape,
  listed: z.array(hex32),
  entries: z.array(entryFactsShape),
  firstSeen: unixTime,
  lastMissed: unixTime.optional(),
});
const provenLineShape = z.strictObject({ proven: z.array(hex32) });

/** Adds verified checkpoints and waits until they are on disk. */
export async function appendToLog(disk: Disk, statement: Hex32, verified: VerifiedCheckpoint[]): Promise<void> {
  await appendLines(disk, boardFile(statement), checkpointLineShape, verified);
}

/** Makes the view again from the log; a line that a crash has torn is cut off, with all after it. Checks no proof. */
export async function replayLog(trustee: TrusteeContext, context: StatementContext, transcript: Hex32): Promise<BoardView> {
  const view = createView(transcript);
  const isWhole = await readLines(trustee.disk, boardFile(context.id), checkpointLineShape, async (verified) => {
    await trustee.pause();
    const { number, previous } = verified.checkpoint;
    const { head } = view.board;
    return number === head.number + 1 && previous === head.hash && extendView(context, view, verified).ok;
  });
  // A view that a refused line has spoilt is made again from what is left.
  return isWhole ? view : replayLog(trustee, context, transcript);
}

/**
 * Remembers entries, by their hashes, whose proofs hold though their checkpoint is not verified to its end. An entry's hash
 * covers its proof and all that it is about, so that a proof that holds once holds for ever.
 */
export async function appendProven(disk: Disk, statement: Hex32, hashes: readonly Hex32[]): Promise<void> {
  await appendLines(disk, provenFile(statement), provenLineShape, [{ proven: [...hashes] }]);
}

export async function readProven(disk: Disk, statement: Hex32): Promise<Set<Hex32>> {
  const known = new Set<Hex32>();
  await readLines(disk, provenFile(statement), provenLineShape, ({ proven }) => {
    for (const hash of proven) known.add(hash);
    return true;
  });
  return known;
}

/** To be called when the checkpoints of those entries are in the log. */
export async function forgetProven(disk: Disk, statement: Hex32): Promise<void> {
  await disk.remove(provenFile(statement));
}
