// The files of a keystore. A folder for each statement; secrets lie in files of their own, written once and then erased.
import { z } from 'zod';
import { cosignatureShape } from '#lib/protocol/board/board.ts';
import type { KeySecrets } from '#lib/protocol/key/key-generation.ts';
import { commitShape, complaintShape, confirmShape, dealShape } from '#lib/protocol/key/key-messages.ts';
import { rollHeaderShape } from '#lib/protocol/member/roll.ts';
import { hex32, scalarText, trusteeIndex, unixTime } from '#lib/protocol/messages/shape.ts';
import type { Scalar } from '#lib/protocol/numbers/point.ts';
import { destroyedShape } from '#lib/protocol/reveal/destruction.ts';
import { statementShape, trusteeShape } from '#lib/protocol/statement/statement.ts';

const version = z.literal(1);

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

const keyMessageShape = z.discriminatedUnion('type', [commitShape, dealShape, complaintShape, confirmShape]);

/** `key.json`: the messages of a finished key generation, from which the key follows. */
export const keyFileShape = z.strictObject({ version, messages: z.array(keyMessageShape) });

/**
 * How far the trustee is with a statement. `aborted` and `destroyed` are final; `confirmed` waits for the others' confirms
 * and never goes back.
 */
const stageShape = z.enum(['keying', 'aborted', 'confirmed', 'keyed', 'destroyed']);

/**
 * `journal.json`: everything that the trustee has signed about a statement and might have to send again, written before it
 * is sent. It holds no secret and is kept for ever: it is what shows that a statement was joined before.
 */
export const journalShape = z.strictObject({
  version,
  statement: hex32,
  trustee: trusteeIndex,
  openBy: unixTime,
  destroyAt: unixTime,
  stage: stageShape,
  /** The one transcript that was confirmed. */
  transcript: hex32.optional(),
  messages: z.array(z.discriminatedUnion('type', [commitShape, dealShape, complaintShape, confirmShape, destroyedShape])),
  /** The last cosignature. No checkpoint of its number or below is ever cosigned again. */
  cosigned: cosignatureShape.optional(),
  /** Everything has been said and taken: the statement needs no further attention. */
  closed: z.literal(true).optional(),
});
export type Journal = z.infer<typeof journalShape>;

export function secretsToFile(secrets: KeySecrets): z.infer<typeof secretsFileShape> {
  const coefficients = secrets.coefficients.map((coefficient) => coefficient.toString(10));
  return { version: 1, coefficients, sealingSecret: secrets.sealingSecret.toString(10) };
}

export function secretsFromFile(file: z.infer<typeof secretsFileShape>): KeySecrets {
  return { coefficients: file.coefficients.map((text) => BigInt(text) as Scalar), sealingSecret: BigInt(file.sealingSecret) as Scalar };
}
