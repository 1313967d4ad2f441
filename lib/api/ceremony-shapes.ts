import { z } from 'zod';
import { hex32, hex64, positive, unixTime } from '#lib/protocol/messages/shape.ts';

// What a platform says about the setup ceremony that can be joined on it. Nothing here is believed: contributors check the files.

const counted = z.int().min(0);

export const ceremonyShape = z.strictObject({
  /** Hash of the description. */
  ceremony: hex32,
  title: z.string(),
  setup: z.enum(['dev', 'ceremony']),
  constraints: positive,
  /** The announced beacon in words. */
  beacon: z.string(),
  contributions: z.array(z.strictObject({ position: positive, name: z.string(), hash: hex64, time: unixTime, key: hex32 })),
  /** How many wait or have their turn. */
  standing: counted,
  isClosed: z.boolean(),
});
export type CeremonyView = z.infer<typeof ceremonyShape>;

export const placeTokenShape = z.strictObject({ token: hex32 });

export const placeStatusShape = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting'), ahead: counted }),
  /** Called: it is the place's turn, and it must begin. */
  z.strictObject({ state: z.enum(['called', 'contributing']), secondsLeft: counted }),
  z.strictObject({ state: z.literal('checking') }),
  z.strictObject({ state: z.literal('accepted'), position: positive }),
  z.strictObject({ state: z.literal('refused'), reason: z.string() }),
]);
export type PlaceStatus = z.infer<typeof placeStatusShape>;
