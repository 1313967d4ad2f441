import { getContext } from '#lib/server/current-context.ts';
import { listGroups } from '#lib/server/groups/list.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle(async () => answerJson({ groups: await listGroups(await getContext()) }));
