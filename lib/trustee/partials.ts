// Partial openings of a chain that is not opened yet: kept in pieces as they are made, so that none is made twice
import { z } from 'zod';
import type { Disk } from '#lib/host/disk.ts';
import { hex32, pointText } from '#lib/protocol/messages/shape.ts';
import { type PointText, parseCurvePoint } from '#lib/protocol/numbers/point.ts';
import type { TrusteeContext } from './context.ts';
import type { TrusteeJobs } from './jobs.ts';
import { appendLines, readLines } from './line-log.ts';
import { partialsFile } from './statement-files.ts';

/** Every line names what it is of: the hash of the last step fixes the lists, from the entries on. */
export const pieceShape = z.strictObject({
  statement: hex32,
  mix: hex32,
  /** The place among the items of all lists of the first of these. */
  from: z.int().min(0),
  partials: z.array(pointText).min(1),
});

/**
 * Makes and proves the partial openings of a chain's last lists, of `size` items in all, or goes on after those that the disk holds.
 * They are as secret as the names behind them until the opening is published, and end with the share.
 * @returns null when they are not wanted any more; then nothing is written that was made since
 */
export async function makePartials(
  trustee: Pick<TrusteeContext, 'disk' | 'work'>,
  input: Omit<TrusteeJobs['open']['input'], 'done'>,
  size: number,
  isWanted: () => boolean,
): Promise<TrusteeJobs['open']['output'] | null> {
  const { statement, wave, mix } = input.end;
  const done = await readPartials(trustee.disk, { statement, wave, mix }, size);
  let from = done.length;
  let written = Promise.resolve();
  const keep = (partials: PointText[]) => {
    const piece = { statement, mix, from, partials };
    from += partials.length;
    written = written.then(() =>
      isWanted() ? appendLines(trustee.disk, partialsFile(statement, wave, mix), pieceShape, [piece]) : undefined,
    );
    written.catch(() => {}); // it is thrown below
  };
  const made = await trustee.work.runWhile(isWanted, 'open', { ...input, done }, keep).finally(() => written);
  return isWanted() ? made : null;
}

type Chain = Pick<TrusteeJobs['open']['input']['end'], 'statement' | 'wave' | 'mix'>;

/** The whole pieces on disk that are of this chain and follow on each other; what comes after the first that is not is cut off. */
async function readPartials(disk: Disk, { statement, wave, mix }: Chain, size: number): Promise<PointText[]> {
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
