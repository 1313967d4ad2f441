import { getEnv } from '#lib/server/env.ts';
import { answerNothing } from '#lib/server/http/answer.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { endOneSession } from '#lib/server/session.ts';

export const DELETE = handleIssuer<{ id: string }>(async (ctx, signedIn, _request, { id }) => {
  const cookie = await endOneSession(ctx, getEnv(), signedIn, id);
  return answerNothing(cookie === null ? {} : { 'Set-Cookie': cookie });
});
