import { domainToASCII } from 'node:url';

const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;
const LONGEST = 254;

/** Both parts in lower case, the domain in ASCII. */
export type MailAddress = { local: string; domain: string };

/**
 * Reads one plain e-mail address. Plus parts and dots stay, because they may tell people apart.
 * @returns null for what is not one plain address with a domain of two parts or more (RFC 5321 §2.3.11, without quoted forms)
 */
export function parseAddress(text: string): MailAddress | null {
  const [, local = '', written = ''] = /^(.{1,64})@([^@]{1,253})$/u.exec(text.trim()) ?? [];
  const domain = domainToASCII(written).toLowerCase();
  const address = { local: local.toLowerCase(), domain };
  return LOCAL_PART.test(local) && DOMAIN.test(domain) && formatAddress(address).length <= LONGEST ? address : null;
}

export function formatAddress({ local, domain }: MailAddress): string {
  return `${local}@${domain}`;
}
