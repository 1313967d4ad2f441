import { getContext } from '#lib/server/current-context.ts';
import { answerAccepted, answerText, readPlace } from '#lib/server/http/answer.ts';
import { readBytes } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';
import { acceptMessageBytes } from '#lib/server/messages/accept-bytes.ts';
import { judgeMixAuthor } from '#lib/server/messages/accept-mix.ts';
import { largestMessage } from '#lib/server/messages/largest-message.ts';
import { listMessages, readType } from '#lib/server/messages/list.ts';

export const GET = handle<{ id: string }>(async (request, { id }) =>
  answerText(await listMessages(await getContext(), id, { ...readPlace(request), type: readType(request) }, 'public')),
);

export const POST = handle<{ id: string }>(async (request, { id }) => {
  const ctx = await getContext();
  const length = request.headers.get('Content-Length');
  const largest = await largestMessage(ctx, id, length === null ? null : Number(length));
  const bytes = await readBytes(request, largest, { judgeFirstLine: (line) => judgeMixAuthor(ctx, id, line) });
  const { receipt, isNew } = await acceptMessageBytes(ctx, id, bytes);
  return answerAccepted({ receipt }, isNew);
});
