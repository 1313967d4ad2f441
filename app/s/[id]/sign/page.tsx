import type { Metadata } from 'next';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { PageHead } from '#app/ui/page-parts.tsx';
import { NoSigning } from '../hidden-statement.tsx';
import { loadStatementView } from '../load-view.ts';
import { StatementTitle } from '../statement-title.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import { describeNoSignature } from './refusal-words.ts';
import { SignStatement } from './sign-statement.tsx';

type Params = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: 'Sign' };

/** Where a member signs. The server only says which statement; all the rest happens in the signer's browser, without a session. */
export default async function SignPage({ params }: Params) {
  const { view, trialCommittee, contact } = await loadStatementView((await params).id);
  if (view.hidden) return <NoSigning {...{ view, trialCommittee, contact }} hidden={view.hidden} />;
  return (
    <>
      <PageHead
        kicker={<StatementTitle id={view.id} title={view.title} />}
        title="Sign"
        lead={<p>Your browser checks everything first. Nothing leaves it until you press the button.</p>}
      />
      <BrowserGate>
        {view.isLost ? <RefusalNotice refusal={describeNoSignature('BOARD_LOST', '')} /> : <SignStatement id={view.id} action="sign" />}
      </BrowserGate>
    </>
  );
}
