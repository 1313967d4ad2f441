import type { Metadata } from 'next';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { PageHead } from '#app/ui/page-parts.tsx';
import { EnterIssuer } from './enter-issuer.tsx';

export const metadata: Metadata = { title: 'Signing in', robots: { index: false, follow: false }, referrer: 'no-referrer' };

/** Where an issuer's one-time link leads. */
export default function EnterPage() {
  return (
    <>
      <PageHead title="Signing in as an issuer" />
      <BrowserGate>
        <EnterIssuer />
      </BrowserGate>
    </>
  );
}
