import { createHmac, hkdfSync } from 'node:crypto';
import { domainToASCII } from 'node:url';

const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/**
 * An e-mail address in its one spelling: lower case, the domain in ASCII. Plus parts and dots stay, because they may tell people apart.
 * @returns null for what is not one plain address with a domain of two parts or more (RFC 5321 §2.3.11, without quoted forms)
 */
export function normaliseAddress(text: string): string | null {
  const [, local = '', domain = ''] = /^(.{1,64})@([^@]{1,253})$/u.exec(text.trim()) ?? [];
  const ascii = domainToASCII(domain);
  const address = `${local}@${ascii}`.toLowerCase();
  return LOCAL_PART.test(local) && DOMAIN.test(ascii) && address.length <= 254 ? address : null;
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
