import { addInvitations, withdrawInvitations } from '#lib/server/enrolments/invite.ts';
import { answerAccepted, answerJson } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';

export const POST = handleIssuer<{ id: string }>(async (ctx, issuer, request, { id }) => {
  const { added } = await addInvitations(ctx, issuer, id, await readJson(request, LARGEST.roll));
  return answerAccepted({ added }, added > 0);
});

export const DELETE = handleIssuer<{ id: string }>(async (ctx, issuer, request, { id }) =>
  answerJson(await withdrawInvitations(ctx, issuer, id, await readJson(request, LARGEST.roll))),
);
