import { getContext } from '#lib/server/current-context.ts';
import { listPolicies } from '#lib/server/groups/policies.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle<{ id: string }>(async (_request, { id }) => answerJson(await listPolicies(await getContext(), id)));
