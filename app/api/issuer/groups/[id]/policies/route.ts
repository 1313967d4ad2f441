import { publishPolicy } from '#lib/server/groups/policies.ts';
import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleKeeper } from '#lib/server/http/handle-keeper.ts';

export const POST = handleKeeper(async (ctx, keeper, request, { id }) => {
  const { number, isNew } = await publishPolicy(ctx, keeper, id, await readJson(request, LARGEST.message));
  return answerAccepted({ number }, isNew);
});
