import type { Metadata } from 'next';
import { BrowserGate } from '../ui/browser-gate.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { IssuerHome } from './issuer-home.tsx';

export const metadata: Metadata = { title: 'My groups' };

/** An issuer's groups and key. The key is in the browser, so the page is made there. */
export default function IssuerPage() {
  return (
    <>
      <PageHead
        title="My groups"
        lead={<p>You vouch for who people are. They sign together, and your word stands behind each name that is revealed.</p>}
      />
      <BrowserGate>
        <IssuerHome />
      </BrowserGate>
    </>
  );
}
