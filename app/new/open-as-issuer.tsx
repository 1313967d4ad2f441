'use client';

import { ApiError } from '#lib/api/api-error.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { useJob } from '../ui/use-job.ts';
import { describeNotOpened } from './opening-words.ts';

/** The way of an issuer: with the session of its account, in the open. */
export function OpenAsIssuer({ context, onOpened }: { context: StatementContext; onOpened: () => void }) {
  const job = useJob(describeFailure);

  async function open() {
    const isDone = await job.start(async ({ signal }) => {
      const { id } = await issuerApi.openStatement(context.statement, { signal });
      if (id !== context.id) throw new Error('The site answered with another statement than the one you sent.');
    });
    if (isDone) onOpened();
  }

  return (
    <Stack>
      <ThreeFacts
        leaves="The statement exactly as shown here, with the session of your account."
        sees="Everybody sees the statement, and that the issuer of the group has opened it. Trustees have this site’s word for that."
        when="At once. A statement stays for good."
      />
      {job.failure && (
        <Notice kind="error" live title={job.failure.title} lost={job.failure.lost} todo={job.failure.todo} code={job.failure.code} />
      )}
      <div>
        <Button busy={job.running} onClick={() => void open()}>
          {job.running ? 'Opening …' : 'Open it as the issuer'}
        </Button>
      </div>
    </Stack>
  );
}

function describeFailure(error: unknown) {
  if (!(error instanceof ApiError)) return describeNotOpened('FAILED_HERE', error instanceof Error ? error.message : undefined);
  const refusal = describeNotOpened(error.code, error.message);
  return error.code === 'NOT_SIGNED_IN'
    ? { ...refusal, todo: 'Sign in under “For issuers” in another tab, then come back here and press again.' }
    : refusal;
}
