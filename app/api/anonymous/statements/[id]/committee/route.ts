import { readForCommittee } from '#lib/server/board/read-committee.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerBytes, answerText } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';

export const POST = handle<{ id: string }>(async (request, { id }) => {
  const answer = await readForCommittee(await getContext(), id, await readJson(request, LARGEST.message));
  return 'text' in answer ? answerText(answer.text) : answerBytes(answer.bytes, 'application/octet-stream', 'fresh');
});
