'use client';

import { useEffect, useState } from 'react';
import { type MeantAddress, repairAddress } from '#lib/signing/repair-address.ts';
import { Notice } from './ui/notice.tsx';

/**
 * For an address that this site does not have: goes on to what it was meant to be, or says that an
 * invitation was shown to the site. `children` stand where nobody can tell what was meant.
 */
export function MeantAddressNotice({ children }: { children: React.ReactNode }) {
  const [meant, setMeant] = useState<MeantAddress | null>(null);

  useEffect(() => {
    const found = repairAddress(`${location.pathname}${location.search}${location.hash}`);
    setMeant(found);
    if (!found) return;
    // A secret must not stay in the address bar and the history, nor may a reload send it again.
    if (found.kind === 'shown-invitation') history.replaceState(history.state, '', '/join');
    else location.replace(found.address);
  }, []);

  if (meant === null) return children;
  if (meant.kind === 'shown-invitation') return <ShownInvitation />;
  return (
    <>
      <h1>This link was changed on its way</h1>
      <p role="status">
        A program put something into it or behind it. This is where it was meant to lead: <a href={meant.address}>go on</a>.
      </p>
    </>
  );
}

/** What to do when the secret of an invitation stood in the part of an address that is sent to the site. */
export function ShownInvitation() {
  return (
    <>
      <h1>Do not use this invitation any more</h1>
      <Notice
        kind="error"
        live
        title="Its secret was shown to this site."
        lost="A program changed the # in your link, and what stands behind that sign is for your browser alone. Whoever runs this site could now join in your place. The site writes no addresses down, but what stands before it may."
        todo="Tell whoever invited you that the link was damaged, and ask for a new invitation. Open that one by copying it, whole, into the address bar."
        code="INVITATION_SHOWN"
      />
    </>
  );
}
