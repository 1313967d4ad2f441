import { readHash } from '#lib/signing/statement-link.ts';

/** `none`: the link names no hash. `same`: it names this very statement. `cut`: what it names is no whole hash. `other`: it names another statement. */
export type LinkVerdict = 'none' | 'same' | 'cut' | 'other';

/** Places on the page that its own links lead to. */
const PLACES = new Set(['', 'content']);

/**
 * Judges the fragment of the address, whatever mail programs put round the hash: only a whole hash that is another is an alarm.
 * @param fragment as `location.hash` gives it, with its #
 * @param id the statement that the address names, @param computed the hash of the statement that the page shows
 */
export function judgeFragment(fragment: string, id: string, computed: string): LinkVerdict {
  if (computed !== id) return 'other';
  const text = fragment.replace(/^#/, '');
  if (PLACES.has(text)) return 'none';
  const read = readHash(text);
  return read.kind === 'hash' ? (read.hash === computed ? 'same' : 'other') : read.kind;
}
