import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Piece, piecesOf, undoMail } from './mailed-text.ts';

/** Where a statement stands and what it must hash to. */
export type StatementLink = { origin: string; id: Hex32 };

/** A hash as it stands in a link. `cut`: there is the beginning of one, or something in its place. */
export type LinkedHash = { kind: 'none' } | { kind: 'cut' } | { kind: 'hash'; hash: Hex32 };

const DIGITS = 64;
const INCOMPLETE = 'this link is incomplete: its end was cut off or changed on its way; ask for the whole link, or copy it again';

const WRAPPED = 'a mail program has put this link inside one of its own, so that others hear of it. If this is what it was, use it alone:';

/** The link to share. The hash stands behind the `#` too, where the person's own browser compares it and no server sees it (T28). */
export function formatStatementLink({ origin, id }: StatementLink): string {
  return `${origin}/s/${id}#${id}`;
}

/**
 * Reads a share link as people and their programs hand it on: with words, brackets or full stops around it, tracking behind it,
 * broken into lines, escaped, with zero-width characters inside. The hash may stand in its path, in its fragment, or in both;
 * a fragment that names another statement than the path is refused, because one of the two was swapped.
 */
export function parseStatementLink(text: string): Checked<StatementLink, 'BAD_LINK'> {
  const { origin, rest, isWrapped } = findAddress(undoMail(text));
  if (!URL.canParse(origin)) return refuse('BAD_LINK', 'this is not a link: begin with https:// as the link does');
  if (isWrapped) return refuse('BAD_LINK', `${WRAPPED} ${origin}${rest.split(/\s/, 1)[0]}`);
  const { path, fragment } = splitAddress(rest);
  const [inPath, inFragment] = [findInPath(path), readHash(fragment)];
  if (inFragment.kind === 'cut') return refuse('BAD_LINK', INCOMPLETE);
  const id = inFragment.kind === 'hash' ? inFragment.hash : inPath;
  if (!id) return refuse('BAD_LINK', /[0-9a-f]{8}/i.test(path) ? INCOMPLETE : 'this link names no statement');
  if (inPath && inPath !== id) return refuse('BAD_LINK', 'this link names two different statements: one of the two was swapped');
  return accept({ origin: new URL(origin).origin, id });
}

/** The first address with anything like a hash in it, or the first of all. `isWrapped` if it is part of the address before it. */
export function findAddress(text: string): { origin: string; rest: string; isWrapped: boolean } {
  const found = [...text.matchAll(/(https?:\/\/[^\s/?#<>"]+)((?:(?!https?:\/\/)[\s\S])*)/gi)];
  const at = Math.max(
    found.findIndex(([, , rest]) => /[0-9a-f]{24}/i.test(rest as string)),
    0,
  );
  const [, origin = '', rest = ''] = found[at] ?? [];
  const isWrapped = at > 0 && /^[^\s<>"]*$/.test(found[at - 1]?.[2] ?? '');
  return { origin, rest, isWrapped };
}

/** An address that `undoMail` has been through, without its origin, at the first `#`. */
export function splitAddress(address: string): { path: string; fragment: string } {
  const at = address.indexOf('#');
  return at < 0 ? { path: address, fragment: '' } : { path: address.slice(0, at), fragment: address.slice(at + 1) };
}

/** The first part of a path that is a whole hash. */
export function findInPath(path: string): Hex32 | null {
  for (const part of path.split(/[/?]/)) {
    const read = readHash(part);
    if (read.kind === 'hash') return read.hash;
  }
  return null;
}

/** Reads a hash from what stands in its place in a link, without the `#`. Letters may have been made capitals. */
export function readHash(text: string): LinkedHash {
  const plain = undoMail(text);
  const pieces = piecesOf(plain, /[0-9A-Za-z]/);
  if (pieces.length === 0) return { kind: 'none' };
  let joined = '';
  for (const piece of pieces) {
    if (joined !== '' && !goesOn(piece)) break;
    joined += piece.text.toLowerCase();
    if (joined.length >= DIGITS || !/^[0-9a-f]+$/.test(joined)) break;
  }
  return new RegExp(`^[0-9a-f]{${DIGITS}}$`).test(joined) ? { kind: 'hash', hash: joined } : { kind: 'cut' };
}

/** Whether a run may be the rest of a hash and not a word of the sentence: a line may break anywhere, a space came in its place. */
function goesOn({ text, after }: Piece): boolean {
  return after === '\n' || /[0-9]/.test(text);
}
