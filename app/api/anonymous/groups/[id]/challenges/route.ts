import { listChallenges } from '#lib/server/challenges/list.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle<{ id: string }>(async (_request, { id }) =>
  answerJson({ challenges: await listChallenges(await getContext(), id) }),
);
