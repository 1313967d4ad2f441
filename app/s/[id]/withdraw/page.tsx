import type { Metadata } from 'next';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { PageHead } from '#app/ui/page-parts.tsx';
import { loadStatementView } from '../load-view.ts';
import { SignStatement } from '../sign/sign-statement.tsx';
import { StatementTitle } from '../statement-title.tsx';

type Params = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: 'Take your signature back' };

/** Where a signer withdraws, from any device that holds the wallet. As on the page for signing, the server only says which statement. */
export default async function WithdrawPage({ params }: Params) {
  const { view } = await loadStatementView((await params).id);
  return (
    <>
      <PageHead
        kicker={<StatementTitle id={view.id} title={view.title} />}
        title="Take your signature back"
        lead={
          <p>
            You need the memberships with which you signed, or their 24 words, on this device or any other. A receipt is neither needed nor
            enough.
          </p>
        }
      />
      <BrowserGate>
        <SignStatement id={view.id} action="withdraw" isHidden={view.hidden !== null} />
      </BrowserGate>
    </>
  );
}
