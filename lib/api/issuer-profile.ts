// SPEC §13.5: what an issuer says of itself
import { z } from 'zod';
import { checkAttestedName } from '#lib/protocol/member/name.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkShape, holdsControl } from '#lib/protocol/messages/shape.ts';
import { findDeceptive } from '#lib/protocol/messages/visible-text.ts';

export const profileShape = z.strictObject({
  name: z.string(),
  /** Who they are, in a few sentences. May be empty. */
  about: z.string(),
  /** How members reach them: shown as it is, on every error that a member meets. */
  contact: z.string(),
  /** A domain of theirs, in ASCII and lower case, to be proved; empty for none. */
  domain: z.string(),
});
export type IssuerProfile = z.infer<typeof profileShape>;

const MOST_ABOUT = 2_000;
const MOST_CONTACT = 200;
const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Judges what an issuer says of itself. The detail of a refusal is a sentence for the issuer. */
export function checkProfile(value: unknown): Checked<IssuerProfile, 'BAD_SHAPE' | 'BAD_PROFILE'> {
  const shaped = checkShape(profileShape, value);
  if (!shaped.ok) return shaped;
  const { name, about, contact, domain } = shaped.value;
  const named = checkAttestedName(name);
  if (!named.ok) return refuse('BAD_PROFILE', named.detail);
  if (about.length > MOST_ABOUT) return refuse('BAD_PROFILE', `who you are takes ${about.length} characters, at most ${MOST_ABOUT} fit`);
  if (contact.length > MOST_CONTACT) return refuse('BAD_PROFILE', `the contact is longer than ${MOST_CONTACT} characters`);
  if (/[\r\n]/.test(contact)) return refuse('BAD_PROFILE', 'the contact takes more than one line');
  if (holdsControl(about) || holdsControl(contact)) return refuse('BAD_PROFILE', 'a text holds a control character');
  const unseen = (about === '' ? null : findDeceptive(about)) ?? findDeceptive(contact);
  if (unseen !== null) return refuse('BAD_PROFILE', `a text ${unseen}`);
  if (domain !== '' && !isDomain(domain)) return refuse('BAD_PROFILE', 'the domain is not one like example.org');
  return accept(shaped.value);
}

/** Whether a text is a domain in ASCII and lower case, of two parts or more. */
export function isDomain(text: string): boolean {
  return DOMAIN.test(text);
}

/** What stands in the DNS or on the web server of a domain whose holder recognises an issuer's key. */
export function domainProof(key: Hex32): string {
  return `round-robin-issuer=${key}`;
}

/** The DNS name whose TXT record is asked for, and the address of the file on the web server; either will do. */
export function domainPlaces(domain: string): { record: string; file: string } {
  return { record: `_round-robin.${domain}`, file: `https://${domain}/.well-known/round-robin-issuer.txt` };
}
