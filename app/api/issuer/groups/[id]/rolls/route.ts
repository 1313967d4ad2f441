import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readParts } from '#lib/server/http/body.ts';
import { handleKeeper } from '#lib/server/http/handle-keeper.ts';
import { publishRoll } from '#lib/server/rolls/publish.ts';

export const POST = handleKeeper(async (ctx, keeper, request, { id }) => {
  const { roll, capsules } = await readParts(request, [LARGEST.roll, LARGEST.capsules], ['roll', 'capsules']);
  const { hash, isNew } = await publishRoll(ctx, keeper, id, roll, capsules);
  return answerAccepted({ hash }, isNew);
});
