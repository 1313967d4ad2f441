import { addInvitations, withdrawInvitations } from '#lib/server/enrolments/invite.ts';
import { answerAccepted, answerJson } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleKeeper } from '#lib/server/http/handle-keeper.ts';

export const POST = handleKeeper(async (ctx, keeper, request, { id }) => {
  const { added } = await addInvitations(ctx, keeper, id, await readJson(request, LARGEST.roll));
  return answerAccepted({ added }, added > 0);
});

export const DELETE = handleKeeper(async (ctx, keeper, request, { id }) =>
  answerJson(await withdrawInvitations(ctx, keeper, id, await readJson(request, LARGEST.roll))),
);
