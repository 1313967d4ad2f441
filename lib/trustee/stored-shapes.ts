// The files of a keystore. A folder for each statement; secrets lie in files of their own, written once and then erased.
import { z } from 'zod';
import { cosignatureShape } from '#lib/protocol/board/cosignature.ts';
import type { KeySecrets } from '#lib/protocol/key/key-generation.ts';
import { commitShape, complaintShape, confirmShape, dealShape } from '#lib/protocol/key/key-messages.ts';
import { rollHeaderShape } from '#lib/protocol/member/roll.ts';
import { hex32, positive, scalarText, trusteeIndex, unixTime } from '#lib/protocol/messages/shape.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import { openedByShape } from '#lib/protocol/permit/group-policy.ts';
import { destroyedShape } from '#lib/protocol/reveal/destruction.ts';
import { statementShape, trusteeShape } from '#lib/protocol/statement/statement.ts';

const version = z.literal(2);

/** `trustee.json`: the long-term Ed25519 seed and how the trustee presents itself. */
export const trusteeFileShape = z.strictObject({ version, seed: hex32, descriptor: trusteeShape });

/**
 * `platform.json`: the platform key that was pinned at the first contact, how far its list of statements was worked through, and the epoch
 * of that cursor, which a keystore of an earlier version does not have.
 */
export const platformFileShape = z.strictObject({ version, key: hex32, cursor: z.int().min(0), epoch: hex32.optional() });
export type PlatformFile = z.infer<typeof platformFileShape>;

/** `statement.json`: what was accepted, so that nothing about it must be asked again. */
export const statementFileShape = z.strictObject({ version, statement: statementShape, rolls: z.array(rollHeaderShape) });

/** `secrets.json`: exists from the commit until the confirm, a complaint or the end of the time for key generation. */
export const secretsFileShape = z.strictObject({ version, coefficients: z.array(scalarText).min(2).max(16), sealingSecret: scalarText });

/** `share.json`: the one scalar that remains. It names its own end, so that nothing else is needed to destroy it in time. */
export const shareFileShape = z.strictObject({ version, share: scalarText, transcript: hex32, destroyAt: unixTime });
export type ShareFile = z.infer<typeof shareFileShape>;

/** A line of `key.log`: a message of key generation, anybody's, in the order in which they came. They show to the end whose fault it was. */
export const keyMessageShape = z.discriminatedUnion('type', [commitShape, dealShape, complaintShape, confirmShape]);

/**
 * How far the trustee is with a statement. `aborted` and `destroyed` are final; `confirmed` waits for the others' confirms
 * and never goes back.
 */
const stageShape = z.enum(['keying', 'aborted', 'confirmed', 'keyed', 'destroyed']);

/**
 * `journal.json`: what the trustee has signed about a statement and might have to send again, written before it is sent; steps and
 * openings are too long for it (wave-files.ts). It holds no secret and is kept for ever: it shows that a statement was joined before.
 */
export const journalShape = z.strictObject({
  version,
  statement: hex32,
  trustee: trusteeIndex,
  openBy: unixTime,
  destroyAt: unixTime,
  stage: stageShape,
  /** By whom the statement was opened; absent in one of an earlier version. */
  openedBy: openedByShape.optional(),
  /** The one transcript that was confirmed. */
  transcript: hex32.optional(),
  messages: z.array(z.discriminatedUnion('type', [commitShape, dealShape, complaintShape, confirmShape, destroyedShape])),
  /** The last cosignature. Nothing is cosigned that does not follow on its checkpoint. */
  cosigned: cosignatureShape.optional(),
  /** When the trustee last saw the whole board, within some minutes: what was missing then, though dated long before, is untimely. */
  looked: unixTime.optional(),
  /** Everything has been said and taken: the statement needs no further attention. */
  closed: z.literal(true).optional(),
});
export type Journal = z.infer<typeof journalShape>;

const ofWave = { wave: positive, content: hex32 };
/**
 * A line of `waves.log`: what was decided or verified about waves, in order. The first line about a number fixes its W for ever. Steps
 * lie in files beside it, openings of others are not kept.
 */
export const waveNoteShape = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('lock'), ...ofWave }),
  z.strictObject({ type: z.literal('step'), ...ofWave, hash: hex32, trustee: trusteeIndex, step: positive, previous: hex32 }),
  z.strictObject({ type: z.literal('opening'), ...ofWave, hash: hex32, trustee: trusteeIndex, mix: hex32, lead: z.boolean() }),
]);
export type WaveNote = z.infer<typeof waveNoteShape>;

export function secretsToFile(secrets: KeySecrets): z.infer<typeof secretsFileShape> {
  const coefficients = secrets.coefficients.map((coefficient) => coefficient.toString(10));
  return { version: 2, coefficients, sealingSecret: secrets.sealingSecret.toString(10) };
}

export function secretsFromFile(file: z.infer<typeof secretsFileShape>): KeySecrets {
  return { coefficients: file.coefficients.map((text) => BigInt(text) as Scalar), sealingSecret: BigInt(file.sealingSecret) as Scalar };
}
