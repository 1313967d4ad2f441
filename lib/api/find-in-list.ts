import { toNormal } from '#lib/protocol/messages/normal-form.ts';

/** How many items of a long list a page shows at once: as many as any browser lays out without a pause. */
export const PAGE_ITEMS = 200;

/** A text as people look for it: in any case, and without the accents that they may not be able to type. */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  return /^[\0-\x7f]*$/.test(lower) ? lower : toNormal(lower, 'NFD').replace(/\p{Mn}/gu, '');
}

/** Keys and hashes, which hold every short word of digits: “Ward 6” would find all wards. */
const HASHES = /\b[0-9a-f]{64}\b/g;
const SHORTEST_OF_HASH = 4;

/**
 * The positions, ascending, of the folded texts that hold every word looked for; all of them where nothing is looked for. Short words
 * are not looked for in keys and hashes.
 */
export function findInList(folded: readonly string[], looked: string): number[] {
  const words = foldText(looked).split(/\s+/u).filter(Boolean);
  const found: number[] = [];
  const long = words.filter((word) => word.length >= SHORTEST_OF_HASH);
  const short = words.filter((word) => word.length < SHORTEST_OF_HASH);
  for (const [i, text] of folded.entries()) {
    if (!long.every((word) => text.includes(word))) continue;
    const bare = short.length === 0 ? text : text.replace(HASHES, '');
    if (short.every((word) => bare.includes(word))) found.push(i);
  }
  return found;
}

/** The stretch of a list that stands on a page: `page` counts from 0 and is brought into range. There is always one page. */
export function pageOf(count: number, page: number, size = PAGE_ITEMS): { page: number; pages: number; start: number; end: number } {
  const pages = Math.max(1, Math.ceil(count / size));
  const here = Math.min(Math.max(0, page), pages - 1);
  return { page: here, pages, start: here * size, end: Math.min(count, (here + 1) * size) };
}
