import { formatInvitation } from '#lib/protocol/member/enrolment.ts';
import { findBackupEnd } from './backup-link.ts';
import { INVITATION_START, readInvitation } from './invitation-link.ts';
import { undoMail } from './mailed-text.ts';
import { readSignInToken } from './sign-in-link.ts';
import { findInPath, readHash, splitAddress } from './statement-link.ts';

/** What an address that leads nowhere was meant to be. `address` is where it leads on this site. */
export type MeantAddress =
  | { kind: 'statement'; address: string }
  | { kind: 'group'; address: string }
  | { kind: 'question'; address: string }
  | { kind: 'issuer'; address: string }
  | { kind: 'sign-in'; address: string }
  /** The code of a sheet, which only the words open. */
  | { kind: 'backup'; address: string }
  /** An invitation whose secret stands behind the `#`, where nobody but the browser has seen it. */
  | { kind: 'invitation'; address: string }
  /** An invitation whose secret stood before the `#`, where the browser sends it to the site. `isWhole` if it would still work. */
  | { kind: 'shown-invitation'; isWhole: boolean };

/**
 * Says what an address that this site does not have was meant to be, where a mail program changed it: `%23` for `#`, or signs and
 * words at its end. Nothing is made up: a statement's address gets a fragment only where it had one.
 * @param address path, query and fragment as the browser has them
 * @returns null for what nobody can tell, and for an address that is as it was meant
 */
export function repairAddress(address: string): MeantAddress | null {
  const { path, fragment } = splitAddress(undoMail(address));
  if (/^\/join/i.test(path)) return findShown(address) ?? findInvitation(address, fragment);
  if (/^\/issuer\/enter\b/i.test(path)) {
    const read = readSignInToken(fragment || path.replace(/^\/issuer\/enter\W*/i, ''));
    return read.kind === 'token' ? { kind: 'sign-in', address: `/issuer/enter#${read.token}` } : null;
  }
  if (/^\/wallet\b/i.test(path)) {
    const end = findBackupEnd(fragment);
    return end === null || address === `/wallet${end}` ? null : { kind: 'backup', address: `/wallet${end}` };
  }
  const folder = /^\/([a-z]+)\//i.exec(path)?.[1]?.toLowerCase() ?? '';
  const place = PLACES.get(folder);
  const id = place ? findInPath(path) : null;
  if (!place || !id) return null;
  const end = place.pages === null ? '' : (place.pages.exec(path)?.[0].toLowerCase() ?? '') + readEnd(fragment);
  const meant = `/${folder}/${id}${end}`;
  return meant === address ? null : { kind: place.kind, address: meant };
}

/** Places whose addresses end in an id, with the pages below it; null where links have no hash behind the `#`. */
const PLACES = new Map<string, { kind: 'statement' | 'question' | 'group' | 'issuer'; pages: RegExp | null }>([
  ['s', { kind: 'statement', pages: /\/(sign|withdraw|check|receipt)\b/i }],
  ['ask', { kind: 'question', pages: /\/answers\b/i }],
  ['groups', { kind: 'group', pages: null }],
  ['issuers', { kind: 'issuer', pages: null }],
]);

function readEnd(fragment: string): string {
  const named = readHash(fragment);
  if (named.kind === 'hash') return `#${named.hash}`;
  return fragment === '' ? '' : `#${fragment.trim()}`;
}

/** For a page that is not spelt as ours is, with an invitation behind its `#`. */
function findInvitation(address: string, fragment: string): MeantAddress | null {
  const read = readInvitation(fragment);
  const meant = read.kind === 'invitation' ? `/join#${formatInvitation(read.invitation)}` : address;
  return meant === address ? null : { kind: 'invitation', address: meant };
}

/** Whether the part of an invitation's address that is sent to the site holds its secret. Also for addresses that the site has. */
export function findShown(address: string): Extract<MeantAddress, { kind: 'shown-invitation' }> | null {
  const sent = undoMail(address.split('#')[0] as string);
  const start = sent.search(INVITATION_START);
  if (start < 0) return null;
  return { kind: 'shown-invitation', isWhole: readInvitation(sent.slice(start)).kind === 'invitation' };
}
