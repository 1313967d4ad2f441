'use client';

import Link from 'next/link';
import { useState } from 'react';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';

/** Says whether joining makes an identity or uses the one that is here. Joining changes that; the words stay as they were read. */
export function KeptWords({ wallet }: { wallet: Wallet | null }) {
  const [memberships] = useState(wallet?.memberships.length ?? 0);
  const [hasIdentity] = useState(wallet !== null);
  if (!hasIdentity)
    return (
      <p key="new">
        A secret that it makes for you now, encrypted with your passphrase before it is stored. There is no account. You get 24 words to
        write down, which bring it back. If you belong to a group in another browser, bring those words here first, so that you count once
        everywhere:{' '}
        <Link prefetch={false} href="/wallet#restore">
          bring them here
        </Link>
        .
      </p>
    );
  return (
    <p key="kept">
      It already keeps your secret
      <span>{memberships > 0 && `, and ${memberships === 1 ? 'one membership' : `${memberships} memberships`}`}</span>. The same secret is
      used again, so that you count once everywhere. The issuers cannot tell from it that you are the same person.
    </p>
  );
}
