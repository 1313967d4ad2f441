import { answerJson, answerNothing } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handleIssuer } from '#lib/server/http/handle-issuer.ts';
import { getOwnProfile, saveProfile } from '#lib/server/issuers/profile.ts';

export const GET = handleIssuer<{ key: string }>(async (ctx, { issuer }, _request, { key }) =>
  answerJson({ profile: (await getOwnProfile(ctx, issuer, key)) ?? undefined }),
);

export const POST = handleIssuer<{ key: string }>(async (ctx, signedIn, request, { key }) => {
  await saveProfile(ctx, signedIn, key, await readJson(request, LARGEST.message));
  return answerNothing();
});
