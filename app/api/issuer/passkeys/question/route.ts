import { answerJson } from '#lib/server/http/answer.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { questionForNew } from '#lib/server/issuers/passkeys.ts';

export const GET = handleIssuer(async (ctx, signedIn) => answerJson({ options: await questionForNew(ctx, signedIn) }));
