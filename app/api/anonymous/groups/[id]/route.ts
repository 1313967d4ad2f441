import { getContext } from '#lib/server/current-context.ts';
import { getGroupView } from '#lib/server/groups/list.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle<{ id: string }>(async (_request, { id }) => {
  const { group, rolls } = await getGroupView(await getContext(), id);
  return answerJson({ id, group, rolls: rolls.map(({ header }) => header) });
});
