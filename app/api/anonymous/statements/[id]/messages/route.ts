import { getContext } from '../../../../../../lib/server/current-context.ts';
import { answerAccepted, answerJson, readCursor } from '../../../../../../lib/server/http/answer.ts';
import { LARGEST, readJson } from '../../../../../../lib/server/http/body.ts';
import { handle } from '../../../../../../lib/server/http/handle.ts';
import { acceptMessage } from '../../../../../../lib/server/messages/accept.ts';
import { listMessages } from '../../../../../../lib/server/messages/list.ts';

export const GET = handle<{ id: string }>(async (request, { id }) =>
  answerJson(await listMessages(await getContext(), id, readCursor(request))),
);

export const POST = handle<{ id: string }>(async (request, { id }) => {
  const { isNew } = await acceptMessage(await getContext(), id, await readJson(request, LARGEST.opening));
  return answerAccepted({ accepted: true }, isNew);
});
