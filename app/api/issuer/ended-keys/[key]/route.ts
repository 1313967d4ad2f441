import { answerNothing } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { endKey } from '#lib/server/issuers/key-ends.ts';

export const POST = handleIssuer<{ key: string }>(async (ctx, signedIn, request, { key }) => {
  await endKey(ctx, signedIn, key, await readJson(request, LARGEST.message));
  return answerNothing();
});
