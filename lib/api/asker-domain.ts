// SPEC §14.1: an asker whose name is a domain, and whether that domain names the asker's key
import { z } from 'zod';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { unixTime } from '#lib/protocol/messages/shape.ts';
import { isDomain } from './issuer-profile.ts';

/** What a platform has found at the domain that an asker gives as its name. Times in Unix seconds; null for never. */
export const domainStateShape = z.strictObject({
  /** Null while it is not proved. */
  provedBy: z.enum(['dns', 'web']).nullable(),
  provedAt: unixTime.nullable(),
  checkedAt: unixTime.nullable(),
});
export type AskerDomainState = z.infer<typeof domainStateShape>;

/** The domain that an asker's name is; null for any other name, which nothing can prove. */
export function askerDomain(name: string): string | null {
  return isDomain(name) ? name : null;
}

/** The line that proves it, in the same places as that of an issuer (`domainPlaces`). */
export function askerProof(key: Hex32): string {
  return `round-robin-asker=${key}`;
}
