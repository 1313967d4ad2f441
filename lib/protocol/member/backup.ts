// SPEC §3.6: backups, which only the words of a wallet open
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { z } from 'zod';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import type { Hex32 } from '../messages/hash.ts';
import { canonicalJson, parseJson } from '../messages/json.ts';
import { checkShape, hexBytes } from '../messages/shape.ts';
import type { Random } from '../numbers/random.ts';
import { backupKeyOf } from './recovery.ts';
import { type WalletContent, walletContentShape } from './wallet-file.ts';

const NONCE_BYTES = 24;
const TAG_BYTES = 16;
/** The longest backup file that is read: room for all that a wallet may hold. */
export const BACKUP_FILE_BYTES = 16 * 1024 * 1024;

/** The file in which a backup lies, in hex. */
export const backupFileShape = z.strictObject({
  type: z.literal('round-robin-backup'),
  version: z.literal(1),
  sealed: hexBytes(NONCE_BYTES + TAG_BYTES),
});

/** nonce ‖ XChaCha20-Poly1305 of the content under the backup key of the root. SPEC §3.6. */
export function sealBackup(root: Hex32, { memberships, rolls, receipts }: WalletContent, random: Random): Uint8Array {
  const nonce = random(NONCE_BYTES);
  const plain = utf8ToBytes(canonicalJson({ memberships, rolls, receipts }));
  return concatBytes(nonce, xchacha20poly1305(backupKeyOf(root), nonce).encrypt(plain));
}

/** Opens a backup with the root that the words gave. @returns OTHER_WORDS also when the bytes were changed: the two look alike */
export function openBackup(root: Hex32, sealed: Uint8Array): Checked<WalletContent, 'OTHER_WORDS' | 'BAD_BACKUP'> {
  const text = decrypt(root, sealed);
  if (text === null) return refuse('OTHER_WORDS', 'the backup was made with other words, or it was changed');
  const json = parseJson(text);
  const shaped = json.ok ? checkShape(walletContentShape, json.value) : json;
  return shaped.ok ? accept(shaped.value) : refuse('BAD_BACKUP', 'the backup holds something that this program cannot read');
}

/** The text of a backup file. */
export function formatBackup(sealed: Uint8Array): string {
  return `${JSON.stringify({ type: 'round-robin-backup', version: 1, sealed: bytesToHex(sealed) })}\n`;
}

/** Reads a backup file; it is opened by `openBackup`. */
export function parseBackup(text: string): Checked<Uint8Array, 'BAD_BACKUP'> {
  const json = text.length <= BACKUP_FILE_BYTES ? parseJson(text) : null;
  const shaped = json?.ok ? checkShape(backupFileShape, json.value) : null;
  return shaped?.ok ? accept(hexToBytes(shaped.value.sealed)) : refuse('BAD_BACKUP', 'this is not a backup file, or it was cut off');
}

function decrypt(root: Hex32, sealed: Uint8Array): string | null {
  try {
    const cipher = xchacha20poly1305(backupKeyOf(root), sealed.subarray(0, NONCE_BYTES));
    return utf8.encode(cipher.decrypt(sealed.subarray(NONCE_BYTES)));
  } catch {
    return null;
  }
}
