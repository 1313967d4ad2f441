import { getContext } from '#lib/server/current-context.ts';
import { answerJson, readPlace } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { listTrusteeStatements } from '#lib/server/messages/list.ts';

export const GET = handle<{ key: string }>(async (request, { key }) =>
  answerJson(await listTrusteeStatements(await getContext(), key, readPlace(request))),
);
