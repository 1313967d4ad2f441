import { readSegment } from '#lib/server/board/read.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle<{ id: string; from: string; hash: string }>(async (_request, { id, from, hash }) =>
  answerJson(await readSegment(await getContext(), id, from, hash), 200, 'immutable'),
);
