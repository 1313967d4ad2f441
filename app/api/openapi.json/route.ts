import { describeApi } from '#lib/api/openapi.ts';
import { answerDocument } from '#lib/server/http/answer.ts';
import { handle } from '#lib/server/http/handle.ts';

let document: string | undefined;

export const GET = handle(async () => {
  document ??= JSON.stringify(describeApi());
  return answerDocument(document, 'application/json', 'minutes');
});
