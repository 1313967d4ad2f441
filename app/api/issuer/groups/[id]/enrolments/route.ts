import { listEnrolments } from '#lib/server/enrolments/list.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handleKeeper } from '#lib/server/http/handle-keeper.ts';

export const GET = handleKeeper(async (ctx, keeper, _request, { id }) =>
  answerJson({ enrolments: await listEnrolments(ctx, keeper.issuer, id) }),
);
