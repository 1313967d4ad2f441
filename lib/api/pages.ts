// SPEC §13.1: lists that come in pages

import { ApiError } from './api-error.ts';

/**
 * Every page of a list. @param ask for the page after a cursor, undefined for the first one
 * @throws ApiError BAD_ANSWER for a list that goes round in a circle
 */
export async function readPages<Page extends { next?: Cursor | undefined }, Cursor extends string | number>(
  ask: (after: Cursor | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  const asked = new Set<Cursor>();
  for (let after: Cursor | undefined; ; ) {
    const page: Page = await ask(after);
    pages.push(page);
    if (page.next === undefined) return pages;
    if (asked.has(page.next)) throw new ApiError('BAD_ANSWER', 'The platform’s list goes round in a circle.', 200);
    asked.add(page.next);
    after = page.next;
  }
}
