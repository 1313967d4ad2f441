// E-mail addresses as they identify people: one spelling, one row
import { formatAddress, type MailAddress, parseAddress } from '#lib/api/mail-address.ts';

/** Local parts that belong to a function, not to a person (RFC 2142 and what is usual). */
const ROLES = new Set(
  `abuse accounting accounts admin administrator all billing board bounce bounces ceo cfo contact everybody everyone finance ftp hello help
  helpdesk hostmaster hr info it jobs legal list mail mailer-daemon majordomo marketing media news newsletter no-reply noc noreply office
  owner postmaster press privacy reception root sales security service staff support team usenet uucp webmaster works-council www`.split(
    /\s+/,
  ),
);
const LIST = /^(owner-.*|.*-(request|owner|bounces?|admin|list|all|subscribe|unsubscribe|confirm|join|leave))$/;

/**
 * The one spelling under which an address counts: without a plus part, and for an alias the address that the issuer's settings say it
 * stands for. @param aliases from addresses to addresses, as `parseAliases` gives them
 */
export function canonicalAddress(address: MailAddress, aliases: ReadonlyMap<string, string>): string {
  const plain = formatAddress({ local: withoutPlus(address.local), domain: address.domain });
  return aliases.get(plain) ?? plain;
}

/** A table of aliases with both sides in one spelling; what is no address is left out. */
export function parseAliases(pairs: readonly { alias: string; address: string }[]): Map<string, string> {
  const spell = (text: string) => {
    const parsed = parseAddress(text);
    return parsed && canonicalAddress(parsed, new Map());
  };
  const spelt = pairs.map(({ alias, address }) => [spell(alias), spell(address)] as const);
  return new Map(spelt.flatMap(([alias, address]) => (alias && address ? [[alias, address] as const] : [])));
}

/** Whether several people may read or write under an address, by what its local part says. */
export function isRoleAddress({ local }: MailAddress): boolean {
  const plain = withoutPlus(local);
  return ROLES.has(plain) || LIST.test(plain);
}

function withoutPlus(local: string): string {
  const at = local.indexOf('+');
  return at > 0 ? local.slice(0, at) : local;
}
