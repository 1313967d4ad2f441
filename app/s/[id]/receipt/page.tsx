import type { Metadata } from 'next';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { PageHead } from '#app/ui/page-parts.tsx';
import { loadStatementView } from '../load-view.ts';
import { StatementTitle } from '../statement-title.tsx';
import { FindReceipt } from './find-receipt.tsx';

type Params = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: 'Is my signature on the board?' };

/** Where a signer looks whether the promise of a receipt was kept. The server is not told which receipt it is. */
export default async function ReceiptPage({ params }: Params) {
  const { view } = await loadStatementView((await params).id);
  return (
    <>
      <PageHead
        kicker={<StatementTitle id={view.id} title={view.title} />}
        title="Is my signature on the board?"
        lead={
          <p>Your browser reads the whole board and looks for your signature itself. The site does not learn which one you look for.</p>
        }
      />
      <BrowserGate>
        <FindReceipt id={view.id} />
      </BrowserGate>
    </>
  );
}
