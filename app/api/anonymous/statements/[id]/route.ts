import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { readStatementAnswer } from '#lib/server/statements/read.ts';

export const GET = handle<{ id: string }>(async (_request, { id }) => answerJson(await readStatementAnswer(await getContext(), id)));
