import { describeCeremony } from '#lib/server/ceremony/describe.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle(async () => answerJson(await describeCeremony(await getContext())));
