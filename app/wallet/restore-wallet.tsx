'use client';

import { type FormEvent, useState } from 'react';
import { walletVault } from '#lib/browser/vaults.ts';
import { BACKUP_FILE_BYTES, openBackup, parseBackup } from '#lib/protocol/member/backup.ts';
import { rootOfWords } from '#lib/protocol/member/recovery.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked } from '#lib/protocol/messages/checked.ts';
import { emptyWallet, mergeBackup } from '#lib/signing/wallet.ts';
import { Button } from '../ui/button.tsx';
import { AS_TYPED, FormStack, TextArea } from '../ui/field.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { Notice } from '../ui/notice.tsx';
import { NewPassphraseFields, NO_PASSPHRASE, passphraseFault } from '../vault/new-passphrase.tsx';
import { useTyped } from '../vault/use-typed.ts';
import { describeVaultFailure, type VaultFailure } from '../vault/vault-failure.ts';
import { describeBackupFault } from './backup-words.ts';

type Faults = {
  words?: string;
  backup?: string;
  passphrase?: string;
  storage?: VaultFailure;
};

/** Makes the wallet of this browser anew from its words, with a backup file or the code that led here where there is one. */
export function RestoreWallet({ scanned }: { scanned: Uint8Array | null }) {
  const [words, setWords] = useTyped(walletVault(), '');
  const [file, setFile] = useState<string | null>(null);
  // Counts the files that were given up, so that the field forgets them.
  const [round, setRound] = useState(0);
  const [passphrase, setPassphrase] = useTyped(walletVault(), NO_PASSPHRASE);
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);

  async function restore(event: FormEvent) {
    event.preventDefault();
    const wallet = readWallet(words, file, scanned);
    const wrong = passphraseFault(passphrase);
    setFaults({ ...(wallet.ok ? {} : faultOf(wallet)), ...(wrong ? { passphrase: wrong } : {}) });
    if (!wallet.ok || wrong) return;
    setBusy(true);
    try {
      await walletVault().setPassphrase(passphrase.first);
      await walletVault().update((stored) => stored ?? wallet.value);
    } catch (error) {
      setFaults({ storage: describeVaultFailure(error) });
      setBusy(false);
    }
  }

  return (
    <FormStack onSubmit={(event) => void restore(event)} autoComplete="off">
      <TextArea
        label="Your 24 words"
        hint="In their order. They are read here and sent nowhere."
        rows={4}
        required
        {...AS_TYPED}
        value={words}
        error={faults.words}
        onChange={(event) => setWords(event.target.value)}
      />
      {scanned ? (
        <Notice kind="info" title="The code that you scanned brings its membership along." />
      ) : (
        <FileDrop
          key={round}
          label="Backup file, if you have one"
          hint="Without it you bring each membership back by the link of its group and your name."
          accept=".json,application/json"
          error={faults.backup}
          mostBytes={BACKUP_FILE_BYTES}
          onText={setFile}
        />
      )}
      {!scanned && faults.backup && (
        <div>
          <Button
            kind="secondary"
            onClick={() => {
              setFile(null);
              setFaults({});
              setRound(round + 1);
            }}
          >
            Go on without the file
          </Button>
        </div>
      )}
      {scanned && faults.backup && <Notice kind="error" live title={faults.backup} />}
      <NewPassphraseFields
        label="Passphrase for this browser"
        hint="It need not be the one of before. You are asked for it each time you come back."
        value={passphrase}
        error={faults.passphrase ?? null}
        onChange={setPassphrase}
      />
      {faults.storage && <Notice kind="error" live {...faults.storage} lost="Nothing was changed, and your sheet stays good." />}
      <div>
        <Button type="submit" busy={busy}>
          {busy ? 'Bringing them back …' : 'Bring them back'}
        </Button>
      </div>
    </FormStack>
  );
}

function readWallet(words: string, file: string | null, scanned: Uint8Array | null): Checked<Wallet> {
  const root = rootOfWords(words);
  if (!root.ok) return root;
  const wallet = emptyWallet(root.value);
  const sealed = scanned ? accept(scanned) : file === null ? null : parseBackup(file);
  if (sealed === null) return accept(wallet);
  const backup = sealed.ok ? openBackup(root.value, sealed.value) : sealed;
  return backup.ok ? accept(mergeBackup(wallet, backup.value)) : backup;
}

function faultOf({ code, detail }: { code: string; detail?: string }): Faults {
  if (code === 'BAD_WORDS') return { words: `These are not the words of a sheet: ${detail ?? ''}.` };
  return { backup: describeBackupFault(code) };
}
