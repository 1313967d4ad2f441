// SPEC §14.3, §14.4: the answer of a member to a challenge, and how it travels
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { checkSealed, type Proven, proofShape, publicSignals } from '../board/signature.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashHex, taggedBytes } from '../messages/hash.ts';
import { HPKE_OVERHEAD, type HpkeKeyPair, openHpke, sealHpke } from '../messages/hpke.ts';
import { canonicalJson, parseJsonBytes } from '../messages/json.ts';
import { checkShape, fieldText, hex32, pointText } from '../messages/shape.ts';
import type { Field } from '../numbers/field.ts';
import type { Random } from '../numbers/random.ts';
import type { ChallengeContext } from './challenge.ts';
import { membershipKey } from './membership-key.ts';

export const answerShape = z.strictObject({
  type: z.literal('answer'),
  challenge: hex32,
  said: z.strictObject({ action: z.literal('member'), group: hex32 }),
  nullifier: fieldText,
  ephemeral: pointText,
  sealed: pointText,
  proof: proofShape,
});
/** "I am a member of this group": a nullifier for the challenge, a token under a seal that nobody opens, and the proof. */
export type Answer = z.infer<typeof answerShape>;
export type AnswerFailure = 'BAD_SHAPE' | 'OTHER_CHALLENGE' | 'UNKNOWN_GROUP' | 'BAD_POINT' | 'SEAL_OPEN_TO_ALL';

/** Every answer is filled up to this, so that its length says nothing of what it holds. */
const PLAIN_BYTES = 2_048;
/** Bytes of every encrypted answer. */
export const SEALED_ANSWER_BYTES = PLAIN_BYTES + HPKE_OVERHEAD;
const SEALED_HEX = new RegExp(`^[0-9a-f]{${2 * SEALED_ANSWER_BYTES}}$`);
const SPACE = 0x20;

/** An answer that only the asker can read: what a platform relays, or a messenger. */
export const sealedAnswerShape = z.strictObject({
  type: z.literal('sealed-answer'),
  challenge: hex32,
  ciphertext: z.string().regex(SEALED_HEX, 'expected the hex digits of one encrypted answer'),
});
export type SealedAnswer = z.infer<typeof sealedAnswerShape>;

/** What is said beside the challenge. SPEC §14.3. */
export function sayMember(group: Hex32): Answer['said'] {
  return { action: 'member', group };
}

/**
 * Checks everything about an answer but its proof: shape, challenge, a group that the challenge names, and the two points of the
 * seal. That nobody has answered twice is for whoever counts. SPEC §14.3.
 */
export function checkAnswer(context: ChallengeContext, value: unknown): Checked<Answer, AnswerFailure> {
  const shaped = checkShape(answerShape, value);
  if (!shaped.ok) return shaped;
  if (shaped.value.challenge !== context.id) return refuse('OTHER_CHALLENGE', 'the answer is to another challenge');
  const sealed = checkSealed(context.rolls, shaped.value);
  return sealed.ok ? shaped : sealed;
}

/** The signals that the proof of an answer must have: the challenge's scope and the one constant key, never the answer's. SPEC §14.3. */
export function answerSignals(context: ChallengeContext, answer: Proven): Field[] {
  return publicSignals(context, membershipKey(), answer);
}

/** Encrypts an answer to the asker of its challenge. `random` as for `sealHpke`. SPEC §14.4. */
export function sealAnswer(context: ChallengeContext, answer: Answer, random: Random): SealedAnswer {
  const plain = new Uint8Array(PLAIN_BYTES).fill(SPACE);
  plain.set(utf8ToBytes(canonicalJson(answer))); // a RangeError here would mean a shape that grew
  const sealed = sealHpke(hexToBytes(context.challenge.asker.encryptionKey), infoOf(context), plain, random);
  return { type: 'sealed-answer', challenge: context.id, ciphertext: bytesToHex(sealed) };
}

/**
 * Opens an encrypted answer with the asker's key pair and checks all of it but the proof. SPEC §14.4.
 * @returns ANSWER_FORGED for what was not encrypted to this key for this challenge, or holds no JSON
 */
export function openAnswer(context: ChallengeContext, value: unknown, keys: HpkeKeyPair): Checked<Answer, AnswerFailure | 'ANSWER_FORGED'> {
  const shaped = checkShape(sealedAnswerShape, value);
  if (!shaped.ok) return shaped;
  if (shaped.value.challenge !== context.id) return refuse('OTHER_CHALLENGE', 'the answer is to another challenge');
  const plain = openHpke(keys, infoOf(context), hexToBytes(shaped.value.ciphertext));
  const json = plain === null ? null : parseJsonBytes(plain);
  return json?.ok ? checkAnswer(context, json.value) : refuse('ANSWER_FORGED', 'this does not open with the asker’s key');
}

/** The hash that names an encrypted answer: a platform keeps each once, in the order of these. SPEC §14.5. */
export function sealedAnswerHash(sealed: SealedAnswer): Hex32 {
  return hashHex('sealed-answer', sealed);
}

/** Reads a file with one encrypted answer, as a member has sent it by other ways than the platform. */
export function parseSealedAnswer(value: unknown): Checked<SealedAnswer, 'BAD_SHAPE'> {
  const shaped = checkShape(sealedAnswerShape, value);
  return shaped.ok ? accept(shaped.value) : shaped;
}

function infoOf({ id, challenge }: ChallengeContext): Uint8Array {
  return taggedBytes('answer', { challenge: id, asker: challenge.asker.key });
}
