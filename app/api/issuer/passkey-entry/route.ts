import { getContext } from '#lib/server/current-context.ts';
import { getEnv } from '#lib/server/env.ts';
import { answerNothing } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';
import { requireOrigin } from '#lib/server/http/handle-issuer.ts';
import { enterByPasskey } from '#lib/server/issuers/passkeys.ts';
import { openSession } from '#lib/server/session.ts';

export const POST = handle(async (request) => {
  requireOrigin(request);
  const ctx = await getContext();
  const clerk = await enterByPasskey(ctx, await readJson(request, LARGEST.message));
  return answerNothing({ 'Set-Cookie': await openSession(ctx, getEnv(), clerk) });
});
