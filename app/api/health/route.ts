import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { readHealth } from '#lib/server/instance/health.ts';

export const GET = handle(async () => {
  const health = await readHealth(await getContext());
  return answerJson(health, health.ready ? 200 : 503);
});
