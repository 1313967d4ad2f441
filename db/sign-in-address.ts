import { createHmac, hkdfSync } from 'node:crypto';
import { formatAddress, parseAddress } from '#lib/api/mail-address.ts';

/**
 * An e-mail address in its one spelling: lower case, the domain in ASCII. Plus parts and dots stay, because they may tell people apart.
 * @returns null for what is not one plain address with a domain of two parts or more (RFC 5321 §2.3.11, without quoted forms)
 */
export function normaliseAddress(text: string): string | null {
  const address = parseAddress(text);
  return address && formatAddress(address);
}

/**
 * The `signIn` of the account that an address leads to: HMAC-SHA-256 under a key that is derived from the platform's seed. No address is
 * stored; who has the database without the seed cannot test guesses.
 * @param address see `normaliseAddress`
 */
export function accountOfAddress(seed: Uint8Array, address: string): string {
  const key = Buffer.from(hkdfSync('sha256', seed, new Uint8Array(), 'round-robin/sign-in-address', 32));
  return `mail:${createHmac('sha256', key).update(address).digest('hex')}`;
}
