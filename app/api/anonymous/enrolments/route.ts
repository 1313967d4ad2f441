import { getContext } from '#lib/server/current-context.ts';
import { acceptEnrolment } from '#lib/server/enrolments/accept.ts';
import { answerAccepted } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';

export const POST = handle(async (request) => {
  const { isNew } = await acceptEnrolment(await getContext(), await readJson(request, LARGEST.message));
  return answerAccepted({}, isNew);
});
