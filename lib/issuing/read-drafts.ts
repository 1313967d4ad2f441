import type { Api } from '#lib/api/client.ts';
import type { IssuerApi } from '#lib/api/issuer-client.ts';
import type { CallOptions } from '#lib/api/request.ts';
import { checkRollHeader } from '#lib/protocol/member/roll.ts';
import { type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { checkStatement, type Statement, type StatementContext } from '#lib/protocol/statement/statement.ts';

/** A draft that waits for an issuer. Without `context` there is nothing that could be approved: it is not what its hash says. */
export type WaitingDraft = { id: Hex32; context: Checked<StatementContext, string> };

/** The drafts of a group, each with the rolls that it names, checked as a signer's device would check it. */
export async function readDrafts(
  api: Pick<IssuerApi, 'listDrafts'> & Pick<Api, 'getRoll'>,
  group: Hex32,
  options?: CallOptions,
): Promise<WaitingDraft[]> {
  const drafts = await api.listDrafts(group, options);
  return Promise.all(drafts.map(async ({ id, statement }) => ({ id, context: await checkDraft(api, id, statement, options) })));
}

async function checkDraft(
  api: Pick<Api, 'getRoll'>,
  id: Hex32,
  statement: Statement,
  options?: CallOptions,
): Promise<Checked<StatementContext, string>> {
  const headers = await Promise.all(statement.rolls.map(({ roll }) => api.getRoll(roll, options)));
  for (const header of headers) {
    const checked = checkRollHeader(header);
    if (!checked.ok) return checked;
  }
  const context = checkStatement(statement, headers);
  return context.ok && context.value.id !== id ? refuse('SWAPPED_STATEMENT', 'its text has another hash') : context;
}
