import type { Metadata } from 'next';
import { describeCeremony } from '#lib/server/ceremony/describe.ts';
import { getContext } from '#lib/server/current-context.ts';
import { BrowserGate } from '../ui/browser-gate.tsx';
import { PageHead } from '../ui/page-parts.tsx';
import { AboutCeremonies } from './about-ceremonies.tsx';
import { CeremonyUnderWay } from './running-ceremony.tsx';

export const metadata: Metadata = { title: 'Setup ceremony' };

/** Where people help to make proving keys, if this instance coordinates a ceremony; otherwise what a ceremony is. */
export default async function CeremonyPage() {
  const ctx = await getContext();
  return (
    <>
      <PageHead
        title="Help to make the keys"
        lead="Proofs here are as honest as the setup of their key. Several people each add a secret to it and forget it. One honest person is enough."
      />
      {ctx.ceremony ? (
        <BrowserGate keepsNothing>
          <CeremonyUnderWay view={await describeCeremony(ctx)} />
        </BrowserGate>
      ) : (
        <AboutCeremonies />
      )}
    </>
  );
}
