// SPEC §4.2: the ways in which an issuer may admit people, and the rule for groups whose employer is hostile
import { isAtDomain, parseAddress } from '#lib/api/mail-address.ts';

/** As in the header of a roll. */
export const WAYS = { invitation: 1, workCode: 2, openId: 3, workMail: 4, inPerson: 5 } as const;
export type Way = (typeof WAYS)[keyof typeof WAYS];

/** The ways in which nobody but the issuer takes part: the only ones of a group whose employer is hostile. */
export const PRIVATE_WAYS: readonly Way[] = [1, 5];

/** Whether an invitation may go to an address: never to one at an employer's domain, whose server could take it up. */
export function isPrivateAddress(email: string, employerDomains: readonly string[]): boolean {
  const address = parseAddress(email);
  return address !== null && !isAtDomain(address, employerDomains);
}

/**
 * Why a group whose employer is hostile may not admit like this; null where it may.
 * @param ways that are open to the group
 */
export function findHostileFault(ways: readonly Way[], employerDomains: readonly string[]): string | null {
  if (ways.some((way) => !PRIVATE_WAYS.includes(way))) return 'has a hostile employer, so only ways 1 and 5 are open to it';
  return employerDomains.length === 0 ? 'has a hostile employer: name its domains, so that no invitation goes there' : null;
}
