'use client';

import { useState } from 'react';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { mergeWallets } from '#lib/signing/wallet.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { RestoreCopy } from '../vault/restore-copy.tsx';

/** Brings memberships from a file. Two identities cannot live in one wallet, so one of them has to give way. */
export function RestoreWallet({ here }: { here: Wallet | null }) {
  const [other, setOther] = useState<Wallet | null>(null);
  const [brought, setBrought] = useState<number | null>(null);

  async function take(imported: Wallet) {
    setBrought(null);
    const merged = mergeWallets(here, imported);
    setOther(merged.ok ? null : imported);
    if (merged.ok) await store(imported, false);
  }

  async function store(imported: Wallet, replace: boolean) {
    await walletVault().update((stored) => {
      const merged = mergeWallets(replace ? null : stored, imported);
      return merged.ok ? merged.value : (stored ?? imported);
    });
    setOther(null);
    setBrought(imported.memberships.length);
  }

  return (
    <>
      <RestoreCopy
        vault={walletVault()}
        label="File with your memberships"
        wrongFile="This is not a file of memberships, or it was cut off or changed. Nothing here was touched."
        onRead={take}
      />
      {other && (
        <Notice
          kind="warning"
          live
          title="The file holds another identity than this browser."
          lost="Nothing was changed. One browser keeps one identity, so that you count once everywhere."
          todo="To use the file, delete what is here; save a copy of it first."
          action={
            <ConfirmDialog
              trigger="Put the file in its place"
              title="Replace what this browser keeps?"
              confirm="Replace it"
              onConfirm={() => void store(other, true)}
            >
              <p>
                {`The ${here?.memberships.length === 1 ? 'membership' : `${here?.memberships.length ?? 0} memberships`} kept here will be gone unless you saved a copy. The file’s ${other.memberships.length} will take their place.`}
              </p>
            </ConfirmDialog>
          }
        />
      )}
      <p role="status">
        {brought === null
          ? ''
          : `${brought === 1 ? 'One membership is' : `${brought} memberships are`} in this browser now, from the file.`}
      </p>
    </>
  );
}
