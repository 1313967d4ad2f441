import { statementOpeningShape } from '#lib/api/shapes.ts';
import { WORK_HEADER } from '#lib/api/work-stamp.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import { getContext } from '#lib/server/current-context.ts';
import { requireOk } from '#lib/server/errors.ts';
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
  const { statement, permit } = requireOk(checkShape(statementOpeningShape, await readJson(request, LARGEST.message)));
  const opener = { by: 'member', permit, stamp: request.headers.get(WORK_HEADER) } as const;
  const { id, isNew, waits } = await openStatement(await getContext(), statement, opener);
  return answerAccepted({ id, ...(waits ? { waits } : {}) }, isNew);
});
