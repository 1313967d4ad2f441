import { getContext } from '#lib/server/current-context.ts';
import { answerStream } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { streamRecord } from '#lib/server/record/stream.ts';
import { loadStatement } from '#lib/server/statements/load.ts';

export const GET = handle<{ id: string }>(async (_request, { id }) => {
  const ctx = await getContext();
  await loadStatement(ctx, id); // an unknown one is refused before the stream begins
  return answerStream(streamRecord(ctx, id), {
    'Content-Type': 'application/x-ndjson',
    'Content-Disposition': `attachment; filename="round-robin-${id.slice(0, 12)}.ndjson"`,
  });
});
