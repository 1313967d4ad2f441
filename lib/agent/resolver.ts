import { Resolver as DnsResolver } from 'node:dns/promises';
import type { Resolver } from 'mailauth/lib/tools.js';
import type { Turns } from './turns.ts';

/** Whether a text is the address of a resolver: IP or IP:PORT, one of version 6 in brackets where a port follows. */
export function isResolver(text: string): boolean {
  try {
    new DnsResolver().setServers([text]);
    return true;
  } catch {
    return false;
  }
}

/** Looks up TXT records at the named servers, or at those of this machine. A caller gives up after a few seconds. */
export function createResolver(servers: readonly string[] | undefined): Resolver {
  const resolver = new DnsResolver({ timeout: 3_000, tries: 2 });
  if (servers) resolver.setServers([...servers]);
  return (name) => resolver.resolveTxt(name);
}

/** Lookups an hour of names that were never found, and how many that were are remembered. */
const MOST_LOOKUPS = 2_000;
const MOST_FOUND = 10_000;

/**
 * Bounds what strangers can have looked up: whoever shows a mail chooses the name of its key. A name that was found once is looked up
 * however often, so that inventing names does not keep out the mails of servers that are known.
 * @throws Error with the code EBUSY for a name too many
 */
export function boundLookups(resolver: Resolver, turns: Turns, now: () => number): Resolver {
  const found = new Set<string>();
  return async (name, type) => {
    if (!found.has(name) && !turns.take([{ key: 'lookups', most: MOST_LOOKUPS }], now()))
      throw Object.assign(new Error('too many names were looked up within this hour'), { code: 'EBUSY' });
    const records = await resolver(name, type);
    if (found.size < MOST_FOUND) found.add(name);
    return records;
  };
}
