// E-mail addresses, as they are read wherever one is typed or listed

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
  const domain = parseDomain(written);
  if (domain === null || !LOCAL_PART.test(local)) return null;
  const address = { local: local.toLowerCase(), domain };
  return formatAddress(address).length <= LONGEST ? address : null;
}

/** Reads the name of a domain of two parts or more: in lower case, in ASCII, without a dot at its end; null for what is none. */
export function parseDomain(text: string): string | null {
  const written = text.trim().replace(/\.$/, '');
  // What stands around the name of a host in an address would be taken for more than a name.
  if (/[\s/\\:?#@[\]%]/.test(written) || !URL.canParse(`http://${written}`)) return null;
  const { hostname } = new URL(`http://${written}`);
  return DOMAIN.test(hostname) ? hostname : null;
}

export function formatAddress({ local, domain }: MailAddress): string {
  return `${local}@${domain}`;
}

/** Whether an address is at one of the domains, or below it. */
export function isAtDomain({ domain }: MailAddress, domains: readonly string[]): boolean {
  return domains.some((one) => domain === one || domain.endsWith(`.${one}`));
}
