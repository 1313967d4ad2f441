// What an asker keeps: the file with which it signs challenges and reads answers
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { publicKeyOf } from '../messages/ed25519.ts';
import { createHpkeKeyPair, type HpkeKeyPair, hpkeKeyPairOf } from '../messages/hpke.ts';
import { parseJson } from '../messages/json.ts';
import { checkShape, hex32 } from '../messages/shape.ts';
import type { Random } from '../numbers/random.ts';
import type { Challenge } from './challenge.ts';

/** The most that such a file has: its name is bounded, as every attested name is. */
export const ASKER_FILE_BYTES = 16 * 1024;

const askerShape = z.strictObject({
  type: z.literal('round-robin-asker'),
  version: z.literal(2),
  /** As it stands in challenges. */
  name: z.string().min(1),
  /** Of the Ed25519 key: whoever reads it can ask in this asker's name. */
  seed: hex32,
  /** X25519: whoever reads it can read the answers. They hold no names. */
  encryptionSecret: hex32,
});
export type Asker = z.infer<typeof askerShape>;

export function createAsker(name: string, random: Random): Asker {
  const encryptionSecret = bytesToHex(createHpkeKeyPair(random).secretKey);
  return { type: 'round-robin-asker', version: 2, name, seed: bytesToHex(random(32)), encryptionSecret };
}

/** Reads an asker's key file. The detail of a refusal never quotes the file. */
export function parseAsker(text: string): Checked<Asker, 'BAD_ASKER_FILE'> {
  const json = parseJson(text);
  const shaped = json.ok ? checkShape(askerShape, json.value) : json;
  return shaped.ok ? accept(shaped.value) : refuse('BAD_ASKER_FILE', 'this is not an asker’s key file, or it was cut off or changed');
}

export function answerKeysOf(asker: Asker): HpkeKeyPair {
  return hpkeKeyPairOf(hexToBytes(asker.encryptionSecret));
}

/** The asker as it stands in its challenges. */
export function describeAsker(asker: Asker): Challenge['asker'] {
  const encryptionKey = bytesToHex(answerKeysOf(asker).publicKey);
  return { name: asker.name, key: publicKeyOf(hexToBytes(asker.seed)), encryptionKey };
}

/** Whether a challenge was made with this key file. */
export function isAskerOf(asker: Asker, { asker: named }: Challenge): boolean {
  const { key, encryptionKey } = describeAsker(asker);
  return key === named.key && encryptionKey === named.encryptionKey;
}
