import { getContext } from '#lib/server/current-context.ts';
import { answerJson, readCursor } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { listEndedKeys } from '#lib/server/issuers/key-ends.ts';

export const GET = handle(async (request) => answerJson(await listEndedKeys(await getContext(), readCursor(request))));
