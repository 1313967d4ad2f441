import { beginTurn } from '#lib/server/ceremony/queue.ts';
import { readToken } from '#lib/server/ceremony/read-token.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const POST = handle(async (request) => answerJson(await beginTurn(await getContext(), readToken(request))));
