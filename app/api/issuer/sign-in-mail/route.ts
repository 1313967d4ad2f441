import { getContext } from '#lib/server/current-context.ts';
import { answerNothing } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';
import { requireOrigin } from '#lib/server/http/handle-issuer.ts';
import { mailSignInLink } from '#lib/server/issuers/mail-link.ts';

export const POST = handle(async (request) => {
  requireOrigin(request);
  mailSignInLink(await getContext(), await readJson(request, LARGEST.message));
  return answerNothing();
});
