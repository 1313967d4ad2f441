import { readCeremonyFile } from '#lib/server/ceremony/read-file.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerBytes } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle<{ path: string[] }>(async (_request, { path }) => {
  const { bytes, type } = await readCeremonyFile(await getContext(), path.join('/'));
  return answerBytes(bytes, type, 'fresh');
});
