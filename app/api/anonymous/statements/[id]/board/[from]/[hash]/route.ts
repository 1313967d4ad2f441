import { readSegment } from '#lib/server/board/read.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerBytes } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle<{ id: string; from: string; hash: string }>(async (_request, { id, from, hash }) =>
  answerBytes(await readSegment(await getContext(), id, from, hash), 'application/json', 'immutable'),
);
