import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { readSigners } from '#lib/server/statements/list-signers.ts';

export const GET = handle<{ id: string }>(async (_request, { id }) => answerJson(await readSigners(await getContext(), id), 200, 'brief'));
