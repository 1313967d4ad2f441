import { WORK_HEADER } from '#lib/api/work-stamp.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';
import { acceptSignature } from '#lib/server/signatures/accept.ts';

export const POST = handle<{ id: string }>(async (request, { id }) => {
  const entry = await readJson(request, LARGEST.message);
  const { receipt, isNew } = await acceptSignature(await getContext(), id, entry, request.headers.get(WORK_HEADER));
  return answerAccepted({ receipt }, isNew);
});
