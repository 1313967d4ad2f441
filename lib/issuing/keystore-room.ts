import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Issuer, RosterMember } from './issuer-file.ts';

/**
 * Bytes of a keystore that a browser surely stores: of one value Chromium takes 127 MiB, and what is locked is twice as long. An agent,
 * which keeps files, has no such limit.
 */
const ROOM = 60 * 2 ** 20;
/** What a row has beside name and address once its invitation was answered and a roll holds it. Until then it is half of that. */
const ROW = 330;
/** A group remembers some fifty rolls, each of which names its trustees. */
const ROLLS = 51;
const ROLL = 1_200;
const TRUSTEE = 67;

/** More people than a browser stores, with the answers that are still to come. */
export class KeystoreFull extends Error {
  constructor() {
    super('These would be more people than a browser can keep, with their answers.');
    this.name = 'KeystoreFull';
  }
}

/** Which share of a browser's room a keystore needs once everybody on its rosters has answered; above 1 it is too large. */
export function shareOfRoom({ groups }: Issuer): number {
  let bytes = 0;
  for (const { members, trustees } of groups) {
    bytes += ROLLS * (ROLL + TRUSTEE * trustees.length);
    for (const member of members) bytes += bytesOf(member);
  }
  return bytes / ROOM;
}

/** The keystore, if a browser can keep it. @throws KeystoreFull */
export function requireKeystoreRoom(issuer: Issuer): Issuer {
  if (shareOfRoom(issuer) > 1) throw new KeystoreFull();
  return issuer;
}

const measured = new WeakMap<RosterMember, number>();

function bytesOf(member: RosterMember): number {
  const known = measured.get(member) ?? ROW + utf8ToBytes(JSON.stringify([member.name, member.email])).length;
  measured.set(member, known);
  return known;
}
