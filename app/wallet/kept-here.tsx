'use client';

import { useEffect, useState } from 'react';
import { listKeptReceipts } from '#lib/browser/kept-receipts.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { FactList } from '../ui/fact-list.tsx';

/** Everything that this site has left on the device, and what a finder could do with it. */
export function KeptHere({ wallet, hasPassphrase }: { wallet: Wallet; hasPassphrase: boolean }) {
  const [receipts, setReceipts] = useState<number | null>(null);
  useEffect(() => {
    let current = true;
    void listKeptReceipts().then((kept) => {
      if (current) setReceipts(kept.length);
    });
    return () => {
      current = false;
    };
  }, []);

  return (
    <FactList
      facts={[
        {
          term: 'Your secret',
          value:
            'One, for all groups. Whoever reads it can sign as you and take your signatures back. What this site or a trustee holds of a statement that runs shows them, too, what you signed there; public files do not.',
        },
        {
          term: 'Memberships',
          value: `${wallet.memberships.length === 1 ? 'One, with its' : `${wallet.memberships.length}, each with its`} group, the issuer’s key and the name that is attested.`,
        },
        {
          term: 'Receipts',
          value:
            receipts === null
              ? 'Counting …'
              : receipts === 0
                ? 'None. Nothing here shows that you have signed anything.'
                : `${receipts}, because you asked to keep them. They show what you have signed, also while your memberships are locked.`,
        },
        {
          term: 'How it is stored',
          value: hasPassphrase ? 'Encrypted with your passphrase.' : 'Readable by whoever can open this browser.',
        },
      ]}
    />
  );
}
