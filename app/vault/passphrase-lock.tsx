'use client';

import { type FormEvent, useState } from 'react';
import type { Vault } from '#lib/browser/vault.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { FormStack } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { NewPassphraseFields, NO_PASSPHRASE, passphraseFault } from './new-passphrase.tsx';
import { useTyped } from './use-typed.ts';
import { useVaultJob } from './vault-failure.ts';

/** Locks an open vault at once, or changes its passphrase. */
export function PassphraseLock<T>({ vault }: { vault: Vault<T> }) {
  const [passphrase, setPassphrase] = useTyped(vault, NO_PASSPHRASE);
  const [fault, setFault] = useState<string | null>(null);
  const job = useVaultJob();
  const [done, setDone] = useState('');

  async function change(event: FormEvent) {
    event.preventDefault();
    const wrong = passphraseFault(passphrase);
    setFault(wrong);
    if (wrong) return;
    setDone('');
    if (!(await job.start(() => vault.setPassphrase(passphrase.first)))) return;
    setPassphrase(NO_PASSPHRASE);
    setDone('From now on this browser asks for the new passphrase. A file that you saved before still opens with the old one.');
  }

  return (
    <FormStack onSubmit={(event) => void change(event)}>
      <ButtonRow>
        <Button kind="secondary" onClick={() => vault.lock()}>
          Lock now
        </Button>
      </ButtonRow>
      <NewPassphraseFields
        label="Another passphrase"
        hint="Nobody can help you if you forget it."
        value={passphrase}
        error={fault}
        onChange={setPassphrase}
      />
      {job.failure && <Notice kind="error" live {...job.failure} />}
      <div>
        <Button type="submit" kind="secondary" busy={job.running}>
          {job.running ? 'Locking …' : 'Change the passphrase'}
        </Button>
        <p role="status">{done}</p>
      </div>
    </FormStack>
  );
}
