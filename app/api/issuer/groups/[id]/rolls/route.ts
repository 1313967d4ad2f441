import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readParts } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { publishRoll } from '#lib/server/rolls/publish.ts';

export const POST = handleIssuer<{ id: string }>(async (ctx, issuer, request, { id }) => {
  const { roll, capsules } = await readParts(request, LARGEST.roll + LARGEST.capsules, ['roll', 'capsules']);
  const { hash, isNew } = await publishRoll(ctx, issuer, id, roll, capsules);
  return answerAccepted({ hash }, isNew);
});
