import { getContext } from '#lib/server/current-context.ts';
import { answerBytes } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { readCapsuleHashes } from '#lib/server/rolls/read.ts';

export const GET = handle<{ hash: string }>(async (_request, { hash }) =>
  answerBytes(await readCapsuleHashes(await getContext(), hash), 'application/octet-stream', 'immutable'),
);
