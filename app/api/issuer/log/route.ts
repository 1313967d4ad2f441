import { answerJson } from '#lib/server/http/answer.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { listChanges } from '#lib/server/issuers/log.ts';

export const GET = handleIssuer(async (ctx, { issuer }) => answerJson({ entries: await listChanges(ctx, issuer) }));
