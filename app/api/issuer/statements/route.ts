import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { openAsIssuer } from '#lib/server/statements/open-as-issuer.ts';

export const POST = handleIssuer(async (ctx, { issuer }, request) => {
  const { id, isNew } = await openAsIssuer(ctx, issuer, await readJson(request, LARGEST.message));
  return answerAccepted({ id }, isNew);
});
