import { answerNothing } from '#lib/server/http/answer.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { removeClerk } from '#lib/server/issuers/clerks.ts';

export const DELETE = handleIssuer<{ id: string }>(async (ctx, signedIn, _request, { id }) => {
  await removeClerk(ctx, signedIn, id);
  return answerNothing();
});
