import { listEnrolments } from '#lib/server/enrolments/list.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';

export const GET = handleIssuer<{ id: string }>(async (ctx, issuer, _request, { id }) =>
  answerJson({ enrolments: await listEnrolments(ctx, issuer, id) }),
);
