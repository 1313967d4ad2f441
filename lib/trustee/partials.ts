// Partial openings of a chain that is not opened yet: made in pieces, so that nothing waits long and no piece is made twice
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { hex32, pointText } from '#lib/protocol/messages/shape.ts';
import { type PointText, parseCurvePoint, type Scalar } from '#lib/protocol/numbers/point.ts';
import { type ChainEnd, openItems, type PartialList } from '#lib/protocol/reveal/opening.ts';
import type { TrusteeContext } from './context.ts';
import { appendLines, readLines } from './line-log.ts';
import { partialsFile } from './statement-files.ts';

const ITEMS_A_PIECE = 250;

/** Every line names what it is of: the hash of the last step fixes the lists, from the entries on. */
export const pieceShape = z.strictObject({
  statement: hex32,
  mix: hex32,
  /** The place among the items of all lists of the first of these. */
  from: z.int().min(0),
  partials: z.array(pointText).min(1),
});

/**
 * Makes the partial openings of a chain's last lists, or goes on after those that the disk holds. Each piece is on disk before the next
 * is begun. They are as secret as the names behind them until the opening is published, and end with the share.
 * @returns null when `mayGoOn` has said no after a piece
 */
export async function makePartials(
  trustee: TrusteeContext,
  share: Scalar,
  end: ChainEnd,
  mayGoOn: () => boolean,
): Promise<PartialList[] | null> {
  const { statement, wave, mix, lists } = end;
  const isWire = lists[0]?.isWire ?? true;
  const items = lists.flatMap((list) => list.items);
  const done = await readPartials(trustee.disk, end, items.length);
  while (done.length < items.length) {
    await trustee.pause();
    if (!mayGoOn()) return null;
    const from = done.length;
    const partials = openItems(share, { items: items.slice(from, from + ITEMS_A_PIECE), isWire });
    // Looked at again: from deadline + grace on, nothing that was made with the share is written.
    if (!mayGoOn()) return null;
    await appendLines(trustee.disk, partialsFile(statement, wave, mix), pieceShape, [{ statement, mix, from, partials }]);
    for (const partial of partials) done.push(partial);
  }
  let place = 0;
  return lists.map(({ group, items: own }) => {
    place += own.length;
    return { group, partials: done.slice(place - own.length, place) };
  });
}

/** The whole pieces on disk that are of this chain and follow on each other; what comes after the first that is not is cut off. */
async function readPartials(disk: Disk, { statement, wave, mix }: ChainEnd, size: number): Promise<PointText[]> {
  const done: PointText[] = [];
  await readLines(disk, partialsFile(statement, wave, mix), pieceShape, (piece) => {
    const isOfChain = piece.statement === statement && piece.mix === mix;
    const fits = piece.from === done.length && done.length + piece.partials.length <= size;
    if (!isOfChain || !fits || piece.partials.some((text) => parseCurvePoint(text) === null)) return false;
    for (const partial of piece.partials) done.push(partial);
    return true;
  });
  return done;
}
