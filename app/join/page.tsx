import type { Metadata } from 'next';
import { BrowserGate } from '../ui/browser-gate.tsx';
import { JoinInvitation } from './join-invitation.tsx';

export const metadata: Metadata = {
  title: 'Your invitation',
  // The address holds a secret behind its #. Browsers send that part to nobody; search engines need not keep the rest.
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
};

/** Where an invitation link leads. The server knows nothing of the invitation: everything happens in the browser. */
export default function JoinPage() {
  return (
    <BrowserGate>
      <JoinInvitation />
    </BrowserGate>
  );
}
