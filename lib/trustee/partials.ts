// Partial openings of a wave that is not opened yet: made in pieces, so that nothing waits long and no piece is made twice
import { z } from 'zod';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { hex32, pointText, positive } from '#lib/protocol/messages/shape.ts';
import { type PointText, parseCurvePoint, type Scalar } from '#lib/protocol/numbers/point.ts';
import { openSeals, type Wave } from '#lib/protocol/reveal/opening.ts';
import type { Disk } from './disk.ts';
import type { TrusteeContext } from './duty.ts';
import { appendLines, readLines } from './line-log.ts';
import { partialsFile } from './opening-files.ts';

const SEALS_A_PIECE = 250;

/** Every line names what it is of; the hash of a checkpoint fixes the whole board and with it the wave. */
const pieceShape = z.strictObject({
  statement: hex32,
  wave: positive,
  checkpoint: hex32,
  /** The place in the wave of the first of these. */
  from: z.int().min(0),
  partials: z.array(pointText).min(1),
});

/**
 * Makes the partial openings of a wave, or goes on after those that the disk holds. Each piece is on disk before the next is begun.
 * They are as secret as the names behind them until the opening is published, and end with the share.
 * @returns null when `mayGoOn` has said no after a piece
 */
export async function makePartials(
  trustee: TrusteeContext,
  statement: Hex32,
  share: Scalar,
  wave: Wave,
  mayGoOn: () => boolean,
): Promise<PointText[] | null> {
  const { number, checkpoint, items } = wave;
  const done = await readPartials(trustee.disk, statement, wave);
  while (done.length < items.length) {
    await trustee.pause();
    if (!mayGoOn()) return null;
    const from = done.length;
    const partials = openSeals(share, items.slice(from, from + SEALS_A_PIECE));
    // Looked at again: from deadline + grace on, nothing that was made with the share is written.
    if (!mayGoOn()) return null;
    await appendLines(trustee.disk, partialsFile(statement, number), [{ statement, wave: number, checkpoint, from, partials }]);
    for (const partial of partials) done.push(partial);
  }
  return done;
}

/** The whole pieces on disk that are of this wave and follow on each other; what comes after the first that is not is cut off. */
async function readPartials(disk: Disk, statement: Hex32, wave: Wave): Promise<PointText[]> {
  const done: PointText[] = [];
  await readLines(disk, partialsFile(statement, wave.number), pieceShape, (piece) => {
    const isOfWave = piece.statement === statement && piece.wave === wave.number && piece.checkpoint === wave.checkpoint;
    const fits = piece.from === done.length && done.length + piece.partials.length <= wave.items.length;
    if (!isOfWave || !fits || piece.partials.some((text) => parseCurvePoint(text) === null)) return false;
    for (const partial of piece.partials) done.push(partial);
    return true;
  });
  return done;
}
