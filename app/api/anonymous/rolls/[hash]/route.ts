import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { readRollHeader } from '#lib/server/rolls/read.ts';

export const GET = handle<{ hash: string }>(async (_request, { hash }) =>
  answerJson(await readRollHeader(await getContext(), hash), 200, 'immutable'),
);
