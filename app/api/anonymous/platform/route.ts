import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { describePlatform } from '#lib/server/platform/describe.ts';

export const GET = handle(async () => answerJson(describePlatform(await getContext())));
