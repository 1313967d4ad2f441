import { WORK_HEADER } from '#lib/api/work-stamp.ts';
import { askPlace, leavePlace, takePlace } from '#lib/server/ceremony/queue.ts';
import { readToken } from '#lib/server/ceremony/read-token.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerJson, answerNothing } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle(async (request) => answerJson(await askPlace(await getContext(), readToken(request))));

export const POST = handle(async (request) =>
  answerJson(await takePlace(await getContext(), readToken(request), request.headers.get(WORK_HEADER)), 201),
);

export const DELETE = handle(async (request) => {
  await leavePlace(await getContext(), readToken(request));
  return answerNothing();
});
