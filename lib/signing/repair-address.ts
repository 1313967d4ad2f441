import { readInvitation } from './invitation-link.ts';
import { undoMail } from './mailed-text.ts';
import { findInPath, readHash, splitAddress } from './statement-link.ts';

/** What an address that leads nowhere was meant to be. `address` is where it leads on this site. */
export type MeantAddress =
  | { kind: 'statement'; address: string }
  | { kind: 'sign-in'; address: string }
  /** An invitation whose secret stood before the `#`, where the browser sends it to the site. `isWhole` if it would still work. */
  | { kind: 'shown-invitation'; isWhole: boolean };

/** Shorter than any secret of a link. */
const SHORTEST_SECRET = 24;

/**
 * Says what an address that this site does not have was meant to be, where a mail program changed it: `%23` for `#`, or signs and
 * words at its end. Nothing is made up: a statement's address gets a fragment only where it had one.
 * @param address path, query and fragment as the browser has them
 * @returns null for what nobody can tell, and for an address that is as it was meant
 */
export function repairAddress(address: string): MeantAddress | null {
  const { path, fragment } = splitAddress(undoMail(address));
  if (/^\/join\b/.test(path) || /^\/join\b/.test(address)) return findShown(address);
  if (/^\/issuer\/enter\b/.test(path)) {
    const token = /^[A-Za-z0-9_-]{24,}/.exec(fragment || path.replace(/^\/issuer\/enter\W*/, ''))?.[0];
    return token ? { kind: 'sign-in', address: `/issuer/enter#${token}` } : null;
  }
  const id = /^\/s\//.test(path) ? findInPath(path) : null;
  if (!id) return null;
  const page = /\/(sign|check|receipt)\b/.exec(path)?.[0] ?? '';
  const named = readHash(fragment);
  const end = named.kind === 'hash' ? `#${named.hash}` : fragment === '' ? '' : `#${fragment.trim()}`;
  const meant = `/s/${id}${page}${end}`;
  return meant === address ? null : { kind: 'statement', address: meant };
}

/** Whether the part of an invitation's address that is sent to the site holds its secret. Also for addresses that the site has. */
export function findShown(address: string): Extract<MeantAddress, { kind: 'shown-invitation' }> | null {
  const sent = undoMail(address.split('#')[0] as string).replace(/^\/join/, '');
  const runs = sent.match(/[A-Za-z0-9_-]+/g) ?? [];
  if (!runs.some((run) => run.length >= SHORTEST_SECRET && run.startsWith('ey'))) return null;
  const isWhole = readInvitation(sent.slice(sent.indexOf('ey'))).kind === 'invitation';
  return { kind: 'shown-invitation', isWhole };
}
