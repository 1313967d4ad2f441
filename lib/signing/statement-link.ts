import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** Where a statement stands and what it must hash to. */
export type StatementLink = { origin: string; id: Hex32 };

/** The link to share. The hash stands behind the `#` too, where the person's own browser compares it and no server sees it (T28). */
export function formatStatementLink({ origin, id }: StatementLink): string {
  return `${origin}/s/${id}#${id}`;
}

/**
 * Reads a share link: the last part of its path is the statement's hash, and so is its fragment. A fragment that names
 * another statement than the path is refused, because one of the two was swapped.
 */
export function parseStatementLink(text: string): Checked<StatementLink, 'BAD_LINK'> {
  if (!URL.canParse(text)) return refuse('BAD_LINK', 'this is not a link');
  const url = new URL(text);
  const inPath = /\/([0-9a-f]{64})(?:\/|$)/.exec(url.pathname)?.[1];
  const inFragment = /^#([0-9a-f]{64})$/.exec(url.hash)?.[1];
  const id = inFragment ?? inPath;
  if (!id) return refuse('BAD_LINK', 'this link names no statement');
  if (url.hash !== '' && !inFragment) return refuse('BAD_LINK', 'the end of this link is cut off or changed');
  if (inPath && inPath !== id) return refuse('BAD_LINK', 'this link names two different statements');
  return accept({ origin: url.origin, id });
}
