// SPEC §4.2, §13.1: the history of a group, which comes in pages
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { ApiError } from './api-error.ts';
import type { Api } from './client.ts';
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
  const { rolls, ...first } = await api.getGroup(group, options);
  for (let { next } = first; next !== undefined && !isEnough(rolls); ) {
    if (rolls.at(-1)?.number !== next) throw new ApiError('BAD_ANSWER', 'The platform’s rolls do not go on where they ended.', 200);
    const page = await api.getGroup(group, { ...options, before: next });
    if (page.rolls[0]?.number !== next - 1) throw new ApiError('BAD_ANSWER', 'The platform’s rolls do not go on where they ended.', 200);
    for (const roll of page.rolls) rolls.push(roll);
    next = page.next;
  }
  return rolls;
}
