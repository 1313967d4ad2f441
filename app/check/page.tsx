import type { Metadata } from 'next';
import { BrowserGate } from '../ui/browser-gate.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { CheckAny } from './check-any.tsx';
import { CheckOffline } from './check-offline.tsx';

export const metadata: Metadata = { title: 'Check a record' };

/** Where anybody checks the record of a statement, from any source. */
export default function CheckPage() {
  return (
    <>
      <PageHead
        title="Check a record"
        lead="A record holds everything that can be known about a statement. Your browser goes through all of it: every proof, every message, every name."
      />
      <BrowserGate keepsNothing>
        <CheckAny />
      </BrowserGate>
      <CheckOffline />
    </>
  );
}
