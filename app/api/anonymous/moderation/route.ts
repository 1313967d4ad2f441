import { getContext } from '#lib/server/current-context.ts';
import { answerJson, readCursor } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { readDecisions } from '#lib/server/moderation/list.ts';

export const GET = handle(async (request) => answerJson(await readDecisions(await getContext(), readCursor(request))));
