import { Resolver as DnsResolver } from 'node:dns/promises';
import type { Resolver } from 'mailauth/lib/tools.js';

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
