// SPEC §4.2, §13.1: the history of a group, which comes in pages
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { ApiError } from './api-error.ts';
import type { Api } from './client.ts';
import { pagesOf } from './pages.ts';
import type { CallOptions } from './request.ts';

/**
 * Rolls of a group, newest first, page by page until there are enough. That each is named by the one after it is for the caller to check.
 * @param isEnough told all that are there so far, of which there is one at least
 * @throws ApiError BAD_ANSWER where a page does not go on where the one before it has ended
 */
export async function readRolls(
  api: Pick<Api, 'getGroup'>,
  group: Hex32,
  isEnough: (rolls: readonly RollHeader[]) => boolean,
  options: CallOptions = {},
): Promise<RollHeader[]> {
  const rolls: RollHeader[] = [];
  const ask = (before?: number) => api.getGroup(group, before === undefined ? options : { ...options, before });
  for await (const page of pagesOf(ask)) {
    const last = rolls.at(-1);
    const goesOn = last === undefined || page.rolls[0]?.number === last.number - 1;
    for (const roll of page.rolls) rolls.push(roll);
    if (goesOn && (page.next === undefined || isEnough(rolls))) break;
    if (!goesOn || rolls.at(-1)?.number !== page.next)
      throw new ApiError('BAD_ANSWER', 'The platform’s rolls do not go on where they ended.', 200);
  }
  return rolls;
}
