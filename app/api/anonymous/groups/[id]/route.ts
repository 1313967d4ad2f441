import { getContext } from '#lib/server/current-context.ts';
import { readGroupHistory, readRollsWanted } from '#lib/server/groups/list.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { findContacts } from '#lib/server/issuers/profile.ts';

export const GET = handle<{ id: string }>(async (request, { id }) => {
  const ctx = await getContext();
  const { group, ...history } = await readGroupHistory(ctx, id, readRollsWanted(request));
  const contact = (await findContacts(ctx, [group.issuer])).get(group.issuer)?.contact;
  return answerJson({ id, group, ...history, contact });
});
