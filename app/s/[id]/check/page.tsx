import type { Metadata } from 'next';
import { CheckOffline } from '#app/check/check-offline.tsx';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { PageHead } from '#app/ui/page-parts.tsx';
import { loadStatementView } from '../load-view.ts';
import { StatementTitle } from '../statement-title.tsx';
import { CheckStatement } from './check-statement.tsx';

type Params = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const { view } = await loadStatementView((await params).id);
  return { title: `Check: ${view.title}` };
}

/** Where a stranger presses one button and watches every check of a statement's record. */
export default async function CheckStatementPage({ params }: Params) {
  const { view } = await loadStatementView((await params).id);
  return (
    <>
      <PageHead
        kicker={<StatementTitle id={view.id} title={view.title} />}
        title="Check it yourself"
        lead={<p>Your browser downloads the record and goes through all of it: every proof, every message, every name.</p>}
      />
      <BrowserGate keepsNothing>
        <CheckStatement id={view.id} />
      </BrowserGate>
      <CheckOffline />
    </>
  );
}
