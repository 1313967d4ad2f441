import { writeDeadlineCalendar } from '#app/s/[id]/deadline-calendar.ts';
import { getContext } from '#lib/server/current-context.ts';
import { answerDocument } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';
import { findShownTitle } from '#lib/server/statements/hidden-text.ts';
import { loadStatement } from '#lib/server/statements/load.ts';

export const GET = handle<{ id: string }>(async (_request, { id }) => {
  const ctx = await getContext();
  const { context } = await loadStatement(ctx, id);
  const text = writeDeadlineCalendar(context, ctx.publicUrl, await findShownTitle(ctx, context));
  return answerDocument(text, 'text/calendar', 'brief', { fileName: `round-robin-${id.slice(0, 12)}.ics` });
});
