import { acceptContribution, largestOffer } from '#lib/server/ceremony/accept.ts';
import { requireTurn } from '#lib/server/ceremony/queue.ts';
import { readToken } from '#lib/server/ceremony/read-token.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { readBytes } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';

export const POST = handle(async (request) => {
  const ctx = await getContext();
  const token = readToken(request);
  await requireTurn(ctx, token); // before megabytes are read
  return answerJson(await acceptContribution(ctx, token, await readBytes(request, await largestOffer(ctx))), 202);
});
