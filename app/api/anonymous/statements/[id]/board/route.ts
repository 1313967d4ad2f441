import { readBoardIndex } from '#lib/server/board/read.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerJson, readCursor } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle<{ id: string }>(async (request, { id }) =>
  answerJson(await readBoardIndex(await getContext(), id, readCursor(request)), 200, 'brief'),
);
