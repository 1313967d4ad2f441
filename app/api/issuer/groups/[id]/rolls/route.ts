import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { publishRoll } from '#lib/server/rolls/publish.ts';

export const POST = handleIssuer<{ id: string }>(async (ctx, issuer, request, { id }) => {
  const { hash, isNew } = await publishRoll(ctx, issuer, id, await readJson(request, LARGEST.roll));
  return answerAccepted({ hash }, isNew);
});
