import { answerJson } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { askClerk, listClerks } from '#lib/server/issuers/clerks.ts';

export const GET = handleIssuer(async (ctx, signedIn) => answerJson({ clerks: await listClerks(ctx, signedIn) }));

export const POST = handleIssuer(async (ctx, signedIn, request) =>
  answerJson(await askClerk(ctx, signedIn, await readJson(request, LARGEST.message))),
);
