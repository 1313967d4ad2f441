import { notFound } from 'next/navigation';
import { cache } from 'react';
import type { Decision } from '#lib/api/shapes.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { getContext } from '#lib/server/current-context.ts';
import { AppError } from '#lib/server/errors.ts';
import { findRevised } from '#lib/server/statements/find-revised.ts';
import { findRecordSeal, type RecordSeal } from '#lib/server/statements/find-seal.ts';
import { getStatementView, type StatementView } from '#lib/server/statements/get-view.ts';

export interface StatementPage {
  view: StatementView;
  publicUrl: string;
  /** All suggested trustees run on the platform's own machine, and the committee is made of those. */
  trialCommittee: boolean;
  /** How the operator is reached; null where nobody said. */
  contact: string | null;
}

/** What the pages of a hidden statement show. */
export type HiddenPage = Pick<StatementPage, 'view' | 'trialCommittee' | 'contact'> & { hidden: Decision };

/** What the pages of a statement show, read once a request. Leads to the page for unknown addresses where there is none. */
export const loadStatementView = cache(async (id: string): Promise<StatementPage> => {
  const ctx = await getContext();
  const view = await getStatementView(ctx, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'UNKNOWN_STATEMENT') notFound();
    throw error;
  });
  const own = new Set(ctx.trustees.map((trustee) => trustee.key));
  const { contact } = ctx.operator;
  return { view, publicUrl: ctx.publicUrl, contact, trialCommittee: ctx.trial && view.committee.some((member) => own.has(member.key)) };
});

/** The statement that this one claims to revise; null where it claims none, or this site does not show it. */
export async function loadRevised({ statement }: StatementView): Promise<StatementContext | null> {
  return findRevised(await getContext(), statement.revises);
}

/** What identifies the record of a statement that is over; null before. */
export async function loadRecordSeal(view: StatementView): Promise<RecordSeal | null> {
  return findRecordSeal(await getContext(), view);
}
