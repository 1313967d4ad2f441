// SPEC §14.1: the challenge, with which an asker asks members of groups to prove that they are
import { hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { checkAttestedName } from '../member/name.ts';
import { type RollHeader, rollHash } from '../member/roll.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { isPublicKey, isSignedBy, messageHash, signMessage } from '../messages/ed25519.ts';
import { fieldFromHash, type Hex32 } from '../messages/hash.ts';
import { isHpkeKey } from '../messages/hpke.ts';
import { checkShape, hex32, hex64, languageTag, plainText, unixTime } from '../messages/shape.ts';
import { findDeceptive } from '../messages/visible-text.ts';
import type { Field } from '../numbers/field.ts';
import { matchRolls, rollListShape, VERSION } from '../statement/statement.ts';
import type { Counts } from '../statement/trigger.ts';

/** The longest purpose, in UTF-16 units. */
export const LONGEST_PURPOSE = 2_000;

export const challengeShape = z.strictObject({
  type: z.literal('challenge'),
  version: z.literal(VERSION),
  /** 32 random bytes, so that the same question asked twice has unrelated nullifiers. */
  nonce: hex32,
  /** What for, in the asker's words. One language: in another one it would be another question. */
  purpose: z.strictObject({ language: languageTag, text: plainText(LONGEST_PURPOSE) }),
  rolls: rollListShape,
  /** The last moment at which wallets and platforms take part. */
  expires: unixTime,
  /** `name`: anybody can write it. `encryptionKey`: X25519, for answers. */
  asker: z.strictObject({ name: z.string().min(1), key: hex32, encryptionKey: hex32 }),
  /** As in a statement. SPEC §8.2. */
  verificationKey: hex32,
  setup: hex32,
  signature: hex64,
});
/** A signed question: "prove that you belong to one of these groups, as these rolls have them". */
export type Challenge = z.infer<typeof challengeShape>;
export type ChallengeFailure = 'BAD_SHAPE' | 'BAD_ASKER' | 'ASKER_SIGNATURE' | 'BAD_ROLLS';

/** A challenge that was checked together with its rolls, and what follows from it: never taken from an answer. */
export type ChallengeContext = {
  challenge: Challenge;
  /** The hash in hex. */
  id: Hex32;
  /** The first 31 bytes of the hash: the `scope` of the circuit. */
  scope: Field;
  /** The challenge's roll headers by group id. */
  rolls: ReadonlyMap<Hex32, RollHeader>;
  /** Members by group id. */
  sizes: Counts;
};

/** Signs a challenge with the Ed25519 seed of `asker.key`. What is wrong with the terms, `checkChallenge` says. */
export function signChallenge(terms: Omit<Challenge, 'type' | 'version' | 'signature'>, seed: Uint8Array): Challenge {
  return signMessage('challenge', { type: 'challenge' as const, version: VERSION as 2, ...terms }, seed);
}

/** The hash that names a challenge: of all of it but the signature. SPEC §14.1. */
export function challengeId(challenge: Challenge): Hex32 {
  return messageHash('challenge', challenge);
}

/**
 * Checks a challenge against the headers of its rolls, which must have passed `checkRollHeader`: shape, the asker's name and keys,
 * the asker's signature, one roll a group and each the one that is named by hash. Whether its key is listed, its groups hide
 * anybody and its time has come is for whoever takes part. SPEC §14.1.
 */
export function checkChallenge(value: unknown, headers: readonly RollHeader[]): Checked<ChallengeContext, ChallengeFailure> {
  const shaped = checkShape(challengeShape, value);
  if (!shaped.ok) return shaped;
  const challenge = shaped.value;
  const { asker } = challenge;
  const name = checkAttestedName(asker.name);
  if (!name.ok) return refuse('BAD_ASKER', name.detail);
  if (!isPublicKey(asker.key)) return refuse('BAD_ASKER', 'the asker’s key is not an Ed25519 key');
  if (!isHpkeKey(hexToBytes(asker.encryptionKey))) return refuse('BAD_ASKER', 'nothing can be encrypted to the asker’s encryption key');
  if (!isSignedBy('challenge', challenge, asker.key)) return refuse('ASKER_SIGNATURE', 'not signed by the asker that it names');
  const rolls = matchRolls(challenge.rolls, headers);
  if (!rolls.ok) return rolls;
  const id = challengeId(challenge);
  const sizes = new Map([...rolls.value].map(([group, header]) => [group, header.size]));
  return accept({ challenge, id, scope: fieldFromHash(hexToBytes(id)), rolls: rolls.value, sizes });
}

/** Seconds for which a roll may be asked for after a newer one has come. SPEC §14.5. */
export const RECENT_SECONDS = 30 * 86_400;

/** Whether wallets and platforms take part with a roll: it is the newest that they know, or was signed in the last 30 days. SPEC §14.5. */
export function isRecentRoll(header: RollHeader, newest: RollHeader, now: number): boolean {
  return rollHash(header) === rollHash(newest) || header.time >= now - RECENT_SECONDS;
}

/** Whether the purpose shows what it says: asked of challenges that are made or relayed, never of those in a tally. SPEC §14.1. */
export function checkShownPurpose({ purpose }: Pick<Challenge, 'purpose'>): Checked<null, 'BAD_TEXT'> {
  const fault = findDeceptive(purpose.text);
  return fault === null ? accept(null) : refuse('BAD_TEXT', `the purpose ${fault}`);
}
