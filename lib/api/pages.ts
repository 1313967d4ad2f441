// SPEC §13.1: lists that come in pages

import { ApiError } from './api-error.ts';

/** More pages, and more characters of them together, no list has: without an end a platform could fill whoever reads it. */
const MOST_PAGES = 10_000;
const MOST_CHARACTERS = 2 ** 28;

/**
 * The pages of a list, one by one. @param ask for the page after a cursor, undefined for the first one
 * @param mostCharacters of all of them together; infinity where nothing of a page is kept
 * @throws ApiError BAD_ANSWER for a list that goes round in a circle or does not end
 */
export async function* pagesOf<Page extends { next?: Cursor | undefined }, Cursor extends string | number>(
  ask: (after: Cursor | undefined) => Promise<Page>,
  mostCharacters = MOST_CHARACTERS,
): AsyncGenerator<Page> {
  const asked = new Set<Cursor>();
  let characters = 0;
  for (let after: Cursor | undefined; ; ) {
    const page: Page = await ask(after);
    if (mostCharacters < Number.POSITIVE_INFINITY) characters += JSON.stringify(page).length;
    if (characters > mostCharacters) throw endless();
    yield page;
    if (page.next === undefined) return;
    if (asked.has(page.next)) throw new ApiError('BAD_ANSWER', 'The platform’s list goes round in a circle.', 200);
    asked.add(page.next);
    if (asked.size >= MOST_PAGES) throw endless();
    after = page.next;
  }
}

/** Every page of a list. @throws ApiError BAD_ANSWER for a list that goes round in a circle or does not end */
export async function readPages<Page extends { next?: Cursor | undefined }, Cursor extends string | number>(
  ask: (after: Cursor | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of pagesOf(ask)) pages.push(page);
  return pages;
}

/** The cursor of a list of messages after this page; undefined at its end, and where it does not rise. */
export function nextCursor(after: number, messages: readonly { cursor: number }[]): number | undefined {
  const last = messages.at(-1)?.cursor ?? after;
  return last > after ? last : undefined;
}

function endless(): ApiError {
  return new ApiError('BAD_ANSWER', 'The platform’s list does not end.', 200);
}
