import { answerNothing } from '#lib/server/http/answer.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { removePasskey } from '#lib/server/issuers/passkeys.ts';

export const DELETE = handleIssuer<{ id: string }>(async (ctx, signedIn, _request, { id }) => {
  await removePasskey(ctx, signedIn, id);
  return answerNothing();
});
