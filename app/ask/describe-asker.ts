import type { AskerDomainState } from '#lib/api/asker-domain.ts';
import { writeDay } from '#lib/signing/clock.ts';

const WAYS = { dns: 'in its DNS', web: 'on its web server' };

/**
 * What there is to know of an asker's name: a domain that names the asker's key proves it, by the word of this site, which has looked.
 * @param domain undefined where the name is none
 */
export function describeAskerName(domain: AskerDomainState | undefined): string {
  if (!domain) return 'Anybody can write this name.';
  const { provedBy, provedAt, checkedAt } = domain;
  if (provedBy !== null && checkedAt !== null)
    return `Proved by domain: this site found the asker’s key ${WAYS[provedBy]}, last on ${writeDay(checkedAt)}.`;
  if (provedAt !== null)
    return `Not proved any more: this domain named the asker’s key until ${writeDay(provedAt)}. Anybody can write this name.`;
  return checkedAt === null
    ? 'Anybody can write this name; this site has not looked yet whether the domain names the asker’s key.'
    : 'Not proved: this domain does not name the asker’s key. Anybody can write this name.';
}
