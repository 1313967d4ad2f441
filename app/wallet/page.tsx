import type { Metadata } from 'next';
import { BrowserGate } from '../ui/browser-gate.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { Memberships } from './memberships.tsx';

export const metadata: Metadata = { title: 'My memberships' };

/** What this browser keeps for its owner. The server has no part in it and knows nothing of it. */
export default function WalletPage() {
  return (
    <>
      <PageHead
        title="My memberships"
        lead={<p>They are kept in this browser and nowhere else, encrypted with your passphrase. Your 24 words bring them back.</p>}
      />
      <BrowserGate>
        <Memberships />
      </BrowserGate>
    </>
  );
}
