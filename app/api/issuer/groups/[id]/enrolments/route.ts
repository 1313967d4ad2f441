import { listEnrolments } from '#lib/server/enrolments/list.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handleKeeper } from '#lib/server/http/handle-keeper.ts';

export const GET = handleKeeper(async (ctx, keeper, request, { id }) => {
  const { searchParams } = new URL(request.url);
  const asked = { after: searchParams.get('after'), state: searchParams.get('state') };
  return answerJson(await listEnrolments(ctx, keeper.issuer, id, asked));
});
