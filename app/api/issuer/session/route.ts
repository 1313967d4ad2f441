import { getContext } from '#lib/server/current-context.ts';
import { getEnv } from '#lib/server/env.ts';
import { answerJson, answerNothing } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';
import { handleIssuer, requireOrigin } from '#lib/server/http/handle-issuer.ts';
import { enterByLink } from '#lib/server/issuers/enter.ts';
import { endSession, openSession } from '#lib/server/session.ts';

export const GET = handleIssuer(async (_ctx, { issuer }) => answerJson({ issuer: { id: issuer } }));

export const POST = handle(async (request) => {
  requireOrigin(request);
  const ctx = await getContext();
  const clerk = await enterByLink(ctx, await readJson(request, LARGEST.message));
  return answerNothing({ 'Set-Cookie': await openSession(ctx, getEnv(), clerk) });
});

export const DELETE = handle(async (request) => {
  requireOrigin(request);
  return answerNothing({ 'Set-Cookie': await endSession(await getContext(), getEnv(), request) });
});
