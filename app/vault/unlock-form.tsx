'use client';

import { type FormEvent, useState } from 'react';
import type { Vault } from '#lib/browser/vault.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { useTyped } from './use-typed.ts';

interface UnlockFormProps<T> {
  vault: Vault<T>;
  /** What is locked, e.g. "My memberships". */
  label: string;
}

/** Asks for the passphrase of something locked on this device. It takes about a second on purpose. */
export function UnlockForm<T>({ vault, label }: UnlockFormProps<T>) {
  const [passphrase, setPassphrase] = useTyped(vault, '');
  const [state, setState] = useState<'idle' | 'trying' | 'wrong'>('idle');

  async function unlock(event: FormEvent) {
    event.preventDefault();
    setState('trying');
    const isOpen = (await vault.unlock(passphrase)).ok;
    setState(isOpen ? 'idle' : 'wrong');
    if (isOpen) document.getElementById('content')?.focus({ preventScroll: true }); // the form itself goes away
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
        error={state === 'wrong' ? 'This passphrase does not open it. Nothing was lost; try once more.' : undefined}
      />
      <div>
        <Button type="submit" busy={state === 'trying'}>
          {state === 'trying' ? 'Unlocking …' : 'Unlock'}
        </Button>
      </div>
    </FormStack>
  );
}
