import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { z } from 'zod';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { parseJson } from '#lib/protocol/messages/json.ts';
import { checkShape, hexBytes } from '#lib/protocol/messages/shape.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';

/**
 * What a passphrase that a person can remember needs: RFC 7914 with 128 MB and about a second. A file says how much work its own
 * key takes, so that more can be asked later; one that asks for less than this, or for more than a gigabyte, was not made here.
 */
const WORK = { N: 2 ** 17, r: 8, p: 1 } as const;
const MOST_N = 2 ** 20;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const HEX_DIGITS = utf8ToBytes('0123456789abcdef');

const lockedShape = z.strictObject({
  type: z.literal('round-robin-locked'),
  version: z.literal(2),
  scrypt: z.strictObject({
    N: z.int().refine((N) => N >= WORK.N && N <= MOST_N && Number.isInteger(Math.log2(N))),
    r: z.literal(WORK.r),
    p: z.literal(WORK.p),
  }),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  sealed: hexBytes(NONCE_BYTES + TAG_BYTES),
});
/** A text that only its passphrase opens: a wallet, or an issuer's keystore, stored or saved as a file. */
export type Locked = z.infer<typeof lockedShape>;

/** What turns a passphrase into a key, beside the passphrase. */
export type LockTerms = Pick<Locked, 'scrypt' | 'salt'>;

/** A key that a passphrase was turned into, kept in memory while a store is unlocked. Whoever holds it drops it; nothing can erase it. */
export type LockKey = LockTerms & { key: Uint8Array };

/** Terms for a new passphrase, with a fresh salt. */
export function createLockTerms(random: Random): LockTerms {
  return { scrypt: { ...WORK }, salt: bytesToHex(random(16)) };
}

/** Turns a passphrase into a key: a second of work. The passphrase counts in Unicode normal form C, so every keyboard gives the same. */
export async function deriveLockKey(passphrase: string, { scrypt, salt }: LockTerms): Promise<LockKey> {
  const key = await scryptAsync(utf8ToBytes(passphrase.normalize('NFC')), hexToBytes(salt), { ...scrypt, dkLen: 32 });
  return { scrypt, salt, key };
}

/** Encrypts a text (XChaCha20-Poly1305, fresh nonce). */
export function lockText(text: string, { scrypt, salt, key }: LockKey, random: Random): Locked {
  const nonce = random(NONCE_BYTES);
  const sealed = xchacha20poly1305(key, nonce, associated({ scrypt, salt })).encrypt(utf8ToBytes(text));
  return { type: 'round-robin-locked', version: 2, scrypt, salt, sealed: bytesToHex(nonce) + longHex(sealed) };
}

/**
 * The hex of megabytes, as bytes that become one text in the end. bytesToHex appends byte by byte where there is no toHex: for a
 * keystore of many people that is a string of as many million parts, which takes a minute and gigabytes.
 */
function longHex(bytes: Uint8Array): string {
  const text = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    text[2 * i] = HEX_DIGITS[byte >> 4] as number;
    text[2 * i + 1] = HEX_DIGITS[byte & 15] as number;
  }
  return utf8.encode(text);
}

/** Opens a locked text with a key derived from its own salt. @returns WRONG_PASSPHRASE also when the file was changed: the two look alike */
export function unlockText(locked: Locked, { key }: LockKey): Checked<string, 'WRONG_PASSPHRASE'> {
  const bytes = hexToBytes(locked.sealed);
  try {
    const plain = xchacha20poly1305(key, bytes.subarray(0, NONCE_BYTES), associated(locked)).decrypt(bytes.subarray(NONCE_BYTES));
    return accept(utf8.encode(plain));
  } catch {
    return refuse('WRONG_PASSPHRASE', 'this passphrase does not open it');
  }
}

/** Reads a locked file; null when the text is something else, such as a file that was never locked. */
export function parseLocked(text: string): Locked | null {
  const json = parseJson(text);
  const shaped = json.ok ? checkShape(lockedShape, json.value) : json;
  return shaped.ok ? shaped.value : null;
}

function associated({ scrypt: { N, r, p }, salt }: LockTerms): Uint8Array {
  return utf8ToBytes(`round-robin/v2/locked/${N}/${r}/${p}/${salt}`);
}
