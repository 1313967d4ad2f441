import { readVerifierFile } from '#lib/server/artifacts/verifier-files.ts';
import { answerBytes } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

// For keeping, never to be opened here: a copy is worth something only where this site cannot change it.
export const GET = handle<{ name: string }>(async (_request, { name }) => {
  const answer = answerBytes(await readVerifierFile(name), 'application/octet-stream', 'fresh');
  answer.headers.set('Content-Disposition', `attachment; filename="${name}"`);
  return answer;
});
