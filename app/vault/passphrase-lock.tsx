'use client';

import { type FormEvent, useState } from 'react';
import type { Vault } from '#lib/browser/vault.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { FormStack } from '../ui/field.tsx';
import { NewPassphraseFields, NO_PASSPHRASE, passphraseFault } from './new-passphrase.tsx';

/** Puts a vault under a passphrase, changes it, takes it away, or locks at once what has one. */
export function PassphraseLock<T>({ vault, hasPassphrase }: { vault: Vault<T>; hasPassphrase: boolean }) {
  const [passphrase, setPassphrase] = useState(NO_PASSPHRASE);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState('');

  async function change(event: FormEvent) {
    event.preventDefault();
    const wrong = passphraseFault(passphrase);
    setFault(wrong);
    if (!wrong) await apply(passphrase.first, 'From now on this browser asks for the passphrase.');
  }

  async function apply(next: string | null, sentence: string) {
    setBusy(true);
    await vault.setPassphrase(next);
    setPassphrase(NO_PASSPHRASE);
    setBusy(false);
    setDone(sentence);
  }

  return (
    <FormStack onSubmit={(event) => void change(event)}>
      {hasPassphrase && (
        <ButtonRow>
          <Button kind="secondary" onClick={() => vault.lock()}>
            Lock now
          </Button>
          <Button kind="link" busy={busy} onClick={() => void apply(null, 'There is no passphrase any more.')}>
            Take the passphrase away
          </Button>
        </ButtonRow>
      )}
      <NewPassphraseFields
        label={hasPassphrase ? 'Another passphrase' : 'Passphrase for this browser'}
        hint="You are asked for it each time you come back. Nobody can help you if you forget it."
        value={passphrase}
        error={fault}
        onChange={setPassphrase}
      />
      <div>
        <Button type="submit" kind="secondary" busy={busy}>
          {busy ? 'Locking …' : hasPassphrase ? 'Change the passphrase' : 'Set the passphrase'}
        </Button>
        <p role="status">{done}</p>
      </div>
    </FormStack>
  );
}
