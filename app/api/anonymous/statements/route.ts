import { getContext } from '#lib/server/current-context.ts';
import { answerAccepted, answerJson } from '#lib/server/http/answer.ts';
import { LARGEST, readJson } from '#lib/server/http/body.ts';
import { handle } from '#lib/server/http/handle.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import { openStatement } from '#lib/server/statements/open.ts';

const QUERY = ['before', 'group', 'standing', 'search'] as const;

export const GET = handle(async (request) => {
  const query = new URL(request.url).searchParams;
  const [before, group, standing, search] = QUERY.map((name) => query.get(name) ?? undefined);
  return answerJson(await listStatements(await getContext(), { before, group, standing, search }));
});

export const POST = handle(async (request) => {
  const { id, isNew } = await openStatement(await getContext(), await readJson(request, LARGEST.message));
  return answerAccepted({ id }, isNew);
});
