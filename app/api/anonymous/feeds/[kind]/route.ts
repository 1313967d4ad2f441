import { writeAtom } from '#app/feeds/write-atom.ts';
import { getContext } from '#lib/server/current-context.ts';
import { readFeed } from '#lib/server/feeds/read.ts';
import { answerDocument } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

export const GET = handle<{ kind: string }>(async (request, { kind }) => {
  const ctx = await getContext();
  const feed = await readFeed(ctx, kind, new URL(request.url).searchParams.get('group'));
  return answerDocument(writeAtom(feed, ctx.publicUrl), 'application/atom+xml', 'minutes');
});
