import { getContext } from '#lib/server/current-context.ts';
import { answerJson } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { questionForEntry } from '#lib/server/issuers/passkeys.ts';

export const GET = handle(async () => answerJson({ options: await questionForEntry(await getContext()) }));
