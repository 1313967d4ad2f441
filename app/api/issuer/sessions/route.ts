import { getEnv } from '#lib/server/env.ts';
import { answerNothing } from '#lib/server/http/answer.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { endAllSessions } from '#lib/server/session.ts';

export const DELETE = handleIssuer(async (ctx, issuer) => answerNothing({ 'Set-Cookie': await endAllSessions(ctx, getEnv(), issuer) }));
