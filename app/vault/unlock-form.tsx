'use client';

import { type FormEvent, useState } from 'react';
import type { Vault } from '#lib/browser/vault.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { useTyped } from './use-typed.ts';
import { useVaultJob } from './vault-failure.ts';

interface UnlockFormProps<T> {
  vault: Vault<T>;
  /** What is locked, e.g. "My memberships". */
  label: string;
}

/** Asks for the passphrase of something locked on this device. It takes about a second on purpose. */
export function UnlockForm<T>({ vault, label }: UnlockFormProps<T>) {
  const [passphrase, setPassphrase] = useTyped(vault, '');
  const [isWrong, setWrong] = useState(false);
  const job = useVaultJob();

  async function unlock(event: FormEvent) {
    event.preventDefault();
    setWrong(false);
    await job.start(async () => {
      const isOpen = (await vault.unlock(passphrase)).ok;
      setWrong(!isOpen);
      if (isOpen) document.getElementById('content')?.focus({ preventScroll: true }); // the form itself goes away
    });
  }

  return (
    <FormStack onSubmit={(event) => void unlock(event)}>
      <TextInput
        label={label}
        type="password"
        autoComplete="current-password"
        required
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
        error={isWrong ? 'This passphrase does not open it. Nothing was lost; try once more.' : undefined}
      />
      {job.failure && <Notice kind="error" live {...job.failure} />}
      <div>
        <Button type="submit" busy={job.running}>
          {job.running ? 'Unlocking …' : 'Unlock'}
        </Button>
      </div>
    </FormStack>
  );
}
