import { writeSignersCsv } from '#app/s/[id]/names-file.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerDocument } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { readSigners } from '#lib/server/statements/list-signers.ts';

export const GET = handle<{ id: string }>(async (_request, { id }) => {
  const text = writeSignersCsv(await readSigners(await getContext(), id));
  return answerDocument(text, 'text/csv', 'brief', { fileName: `round-robin-${id.slice(0, 12)}-names.csv` });
});
