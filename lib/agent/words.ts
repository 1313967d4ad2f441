// Secrets that people read and type
import { createHash, timingSafeEqual } from 'node:crypto';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';

/** Crockford's base 32: no I, L, O or U, so that nothing is read as something else. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Characters of Crockford's base 32, five bits each. */
export function drawCode(random: Random, length: number): string {
  return Array.from(random(length), (byte) => CROCKFORD[byte % 32]).join('');
}

/** In groups of four, as it is shown. */
export function formatCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** What somebody typed, in the one spelling: O is 0, I and L are 1, case, spaces and dashes do not count. */
function readCode(text: string): string {
  return text.slice(0, 100).toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** How a code is kept, in the spelling in which it was drawn: SHA-256. */
export function hashCode(code: string): Hex32 {
  return createHash('sha256').update(code).digest('hex');
}

/** Whether what somebody typed is the code that is kept so. */
export function isCode(text: string, hash: Hex32): boolean {
  return timingSafeEqual(Buffer.from(hashCode(readCode(text)), 'hex'), Buffer.from(hash, 'hex'));
}

/** Four of 2,048 common English words, 44 bits. */
export function drawWords(random: Random): string {
  const bytes = random(8);
  return [0, 2, 4, 6].map((at) => wordlist[(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) % 2_048]).join(' ');
}
