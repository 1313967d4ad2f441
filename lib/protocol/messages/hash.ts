// SPEC §1.5: hashes and their domain tags
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Field } from '../numbers/field.ts';
import { findHashes } from './hash-engine.ts';
import { canonicalJson, type Json } from './json.ts';

/** What every tag begins with: the name of the project and the version of the protocol. */
export const TAG_PREFIX = 'round-robin/v2/';

/** Every domain tag of the protocol. A tag is hashed as `round-robin/v2/<tag>` followed by one zero byte. */
export const TAGS = [
  // members: SPEC §3, §4
  'blinding',
  'name',
  'membership',
  'token-salt',
  'wallet-secret',
  'backup-key',
  'capsule-tag',
  'capsule-key',
  'capsule-blind',
  'capsule-nonce',
  'capsule',
  'enrolment-id',
  'enrolment-ticket',
  'enrolment',
  'group',
  'padding',
  // statement and key: SPEC §5, §7
  'statement',
  'open',
  'permit',
  'polynomial',
  'share-context',
  'commits',
  'transcript',
  'possession',
  'complaint-proof',
  'nonce',
  // signatures and board: SPEC §8, §9
  'message',
  'entry',
  'listed',
  // reveal: SPEC §10
  'wave',
  'mix-list',
  'mix-generator',
  'mix-seed',
  'mix-vector',
  'mix-challenge',
  'mix-rank',
  'mix-batch',
  'mix-coefficient',
  'opening-seed',
  'opening-coefficient',
  'opening-challenge',
  'seat',
  // record: SPEC §12
  'record',
  // signed messages (their hash uses the same tag as their signature)
  'roll',
  'commit',
  'deal',
  'complaint',
  'confirm',
  'receipt',
  'checkpoint',
  'cosignature',
  'mix',
  'opening',
  'destroyed',
  'end',
  'message-receipt',
  'committee-request',
  'trustee-log',
  'trustee-policy',
  'group-policy',
  'group-claim',
  'issuer-successor',
  'successor-consent',
  'issuer-revocation',
  'platform-successor',
  'platform-consent',
  'issuer-request',
  'attestation',
  // proofs of membership: SPEC §14
  'challenge',
  'answer',
  'sealed-answer',
  'answers-request',
  'membership-key',
] as const;
export type Tag = (typeof TAGS)[number];

/** Hex of 32 bytes, lower case: how a hash or an Ed25519 key stands in a message. */
export type Hex32 = string;

const ENGINE = findHashes();

/** The bytes that are hashed or signed for a value: tag, a zero byte, the canonical JSON. The zero byte ends the tag, so no two pairs collide. */
export function taggedBytes(tag: Tag, value: Json): Uint8Array {
  return utf8ToBytes(taggedText(tag, value));
}

/** The same before it is written in UTF-8. It is well formed, as canonical JSON is. */
function taggedText(tag: Tag, value: Json): string {
  return `${TAG_PREFIX}${tag}\0${canonicalJson(value)}`;
}

/** SHA-256 of the tagged value, 32 bytes. SPEC §1.5. */
export function hashBytes(tag: Tag, value: Json): Uint8Array {
  return ENGINE.sha256(taggedText(tag, value));
}

/** SHA-256 of the tagged value in lower-case hex, 64 characters. SPEC §1.5. */
export function hashHex(tag: Tag, value: Json): Hex32 {
  return bytesToHex(hashBytes(tag, value));
}

/** The first 31 bytes of the tagged SHA-256, read big-endian: always below the field order. SPEC §1.5. */
export function hashToField(tag: Tag, value: Json): Field {
  return fieldFromHash(hashBytes(tag, value));
}

/** The field element of a 32-byte hash: its first 31 bytes, big-endian. SPEC §1.5. */
export function fieldFromHash(hash: Uint8Array): Field {
  return BigInt(`0x${bytesToHex(hash.subarray(0, 31))}`) as Field;
}

/** SHA-512 of the tagged value as a big-endian integer of 512 bits; the caller reduces it. Wide enough to be unbiased. SPEC §1.5. */
export function hashWide(tag: Tag, value: Json): bigint {
  return BigInt(`0x${bytesToHex(ENGINE.sha512(taggedText(tag, value)))}`);
}
