import { WORK_HEADER } from '#lib/api/work-stamp.ts';
import { acceptAnswer } from '#lib/server/challenges/relay.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';

export const POST = handle<{ id: string }>(async (request, { id }) => {
  const value = await readJson(request, LARGEST.challenge);
  const { isNew } = await acceptAnswer(await getContext(), id, value, request.headers.get(WORK_HEADER));
  return answerAccepted({}, isNew);
});
