import { getEnv } from '#lib/server/env.ts';
import { answerJson, answerNothing } from '#lib/server/http/answer.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { endAllSessions, listSessions } from '#lib/server/session.ts';

export const GET = handleIssuer(async (ctx, signedIn) => answerJson({ sessions: await listSessions(ctx, signedIn) }));

export const DELETE = handleIssuer(async (ctx, signedIn) => answerNothing({ 'Set-Cookie': await endAllSessions(ctx, getEnv(), signedIn) }));
