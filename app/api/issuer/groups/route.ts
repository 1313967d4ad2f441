import { claimGroup } from '#lib/server/groups/claim.ts';
import { readGroupsPage } from '#lib/server/groups/list.ts';
import { answerAccepted, answerJson } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';

export const GET = handleIssuer(async (ctx, { issuer }, request) =>
  answerJson(await readGroupsPage(ctx, { after: new URL(request.url).searchParams.get('after'), issuer })),
);

export const POST = handleIssuer(async (ctx, signedIn, request) => {
  const { id, isNew } = await claimGroup(ctx, signedIn, await readJson(request, LARGEST.message));
  return answerAccepted({ id }, isNew);
});
