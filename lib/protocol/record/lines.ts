// SPEC §12.1: the lines that only records have
import { z } from 'zod';
import { rollHeaderShape } from '../member/roll.ts';
import { fieldText, hex32, hex64, positive, unixTime } from '../messages/shape.ts';
import { statementShape, VERSION } from '../statement/statement.ts';

export const headerLineShape = z.strictObject({ type: z.literal('header'), version: z.literal(VERSION), statement: statementShape });
export type HeaderLine = z.infer<typeof headerLineShape>;

/** A roll header with its leaves beside it; the signature covers the header, the root covers the leaves. */
export const rollLineShape = rollHeaderShape.extend({ leaves: z.array(fieldText).min(1).max(65_536) });
export type RollLine = z.infer<typeof rollLineShape>;

export const endShape = z.strictObject({
  type: z.literal('end'),
  statement: hex32,
  /** The number of lines before this one, and the hash of all of them. */
  lines: positive,
  hash: hex32,
  /** When the record was written. */
  time: unixTime,
  signature: hex64,
});
export type End = z.infer<typeof endShape>;
