import { readAnswers } from '#lib/server/challenges/relay.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';

export const POST = handle<{ id: string }>(async (request, { id }) =>
  answerJson(await readAnswers(await getContext(), id, await readJson(request, LARGEST.challenge))),
);
