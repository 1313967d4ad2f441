import { answerJson, answerNothing } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { addPasskey, listPasskeys } from '#lib/server/issuers/passkeys.ts';

export const GET = handleIssuer(async (ctx, signedIn) => answerJson({ passkeys: await listPasskeys(ctx, signedIn) }));

export const POST = handleIssuer(async (ctx, signedIn, request) => {
  await addPasskey(ctx, signedIn, await readJson(request, LARGEST.message));
  return answerNothing();
});
