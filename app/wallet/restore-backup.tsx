'use client';

import { useState } from 'react';
import { updateWallet } from '#lib/browser/vaults.ts';
import { BACKUP_FILE_BYTES, openBackup, parseBackup } from '#lib/protocol/member/backup.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { mergeBackup } from '#lib/signing/wallet.ts';
import { Button } from '../ui/button.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { Notice } from '../ui/notice.tsx';
import { useVaultJob } from '../vault/vault-failure.ts';
import { describeBackupFault } from './backup-words.ts';

/** Adds what a backup of this very wallet holds: a file, or the code that led to this page. The open wallet has the key. */
export function RestoreBackup({ wallet, scanned }: { wallet: Wallet; scanned: Uint8Array | null }) {
  const [fault, setFault] = useState<string>();
  const [done, setDone] = useState(false);
  const job = useVaultJob();

  async function add(sealed: Uint8Array) {
    const backup = openBackup(wallet.root, sealed);
    setFault(backup.ok ? undefined : describeBackupFault(backup.code));
    if (!backup.ok) return;
    setDone(false);
    setDone(await job.start(() => updateWallet((stored) => mergeBackup(stored, backup.value))));
  }

  async function take(text: string) {
    const sealed = parseBackup(text);
    if (sealed.ok) await add(sealed.value);
    else setFault(describeBackupFault(sealed.code));
  }

  return (
    <>
      {scanned && !done && (
        <Notice
          kind={fault ? 'error' : 'info'}
          title={fault ?? 'The code that you scanned holds a membership.'}
          action={
            !fault && (
              <Button kind="secondary" onClick={() => void add(scanned)}>
                Bring it back
              </Button>
            )
          }
        />
      )}
      <FileDrop
        label="Backup file"
        hint="Made with the same words. The file is read here and sent nowhere."
        accept=".json,application/json"
        error={scanned ? undefined : fault}
        mostBytes={BACKUP_FILE_BYTES}
        onText={(text) => void take(text)}
      />
      {job.failure && <Notice kind="error" live {...job.failure} />}
      <p role="status">{done && 'What it holds is in this browser now.'}</p>
    </>
  );
}
