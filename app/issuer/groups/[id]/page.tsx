import type { Metadata } from 'next';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { GroupDesk } from './group-desk.tsx';

export const metadata: Metadata = { title: 'A group of mine', robots: { index: false } };

/** One group of the issuer: roster, invitations, trustees, rolls. */
export default async function IssuerGroupPage({ params }: { params: Promise<{ id: string }> }) {
  return (
    <BrowserGate>
      <GroupDesk id={(await params).id} />
    </BrowserGate>
  );
}
