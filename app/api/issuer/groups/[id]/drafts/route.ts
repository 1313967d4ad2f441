import { answerJson, answerNothing } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleKeeper } from '#lib/server/http/handle-keeper.ts';
import { decideDraft, listDrafts } from '#lib/server/statements/drafts.ts';

export const GET = handleKeeper(async (ctx, { issuer }, _request, { id }) => answerJson(await listDrafts(ctx, issuer, id)));

export const POST = handleKeeper(async (ctx, keeper, request, { id }) => {
  await decideDraft(ctx, keeper, id, await readJson(request, LARGEST.message));
  return answerNothing();
});
