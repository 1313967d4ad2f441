import { WORK_HEADER } from '#lib/api/work-stamp.ts';
import { openChallenge } from '#lib/server/challenges/open.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';

export const POST = handle(async (request) => {
  const value = await readJson(request, LARGEST.challenge);
  const { isNew } = await openChallenge(await getContext(), value, request.headers.get(WORK_HEADER));
  return answerAccepted({}, isNew);
});
