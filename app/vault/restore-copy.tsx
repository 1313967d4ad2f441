'use client';

import { type FormEvent, useState } from 'react';
import type { Vault } from '#lib/browser/vault.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { FileDrop } from '../ui/file-drop.tsx';

interface RestoreCopyProps<T> {
  vault: Vault<T>;
  /** Names the file, e.g. "File with your memberships". */
  label: string;
  /** What is said of a file that is something else. */
  wrongFile: string;
  /** Receives what the file holds; nothing has been stored yet. */
  onRead: (value: T) => Promise<void> | void;
}

/** Reads an exported file back, asking for its passphrase where it has one. The file stays on this device. */
export function RestoreCopy<T>({ vault, label, wrongFile, onRead }: RestoreCopyProps<T>) {
  const [lockedText, setLockedText] = useState<string | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [error, setError] = useState<string>();
  const [opening, setOpening] = useState(false);

  async function read(text: string, given: string | null) {
    setError(undefined);
    setOpening(true);
    const value = await vault.readFile(text, given);
    setOpening(false);
    if (value.ok) {
      setLockedText(null);
      setPassphrase('');
      await onRead(value.value);
    } else if (value.code === 'PASSPHRASE_NEEDED') setLockedText(text);
    else if (value.code === 'WRONG_PASSPHRASE') setError('This passphrase does not open the file.');
    else setError(wrongFile);
  }

  async function take(file: File) {
    setLockedText(null);
    await read(await file.text(), null);
  }

  function unlock(event: FormEvent) {
    event.preventDefault();
    if (lockedText !== null) void read(lockedText, passphrase);
  }

  return (
    <>
      <FileDrop
        label={label}
        hint="The file is read here and sent nowhere."
        accept=".json,application/json"
        error={lockedText === null ? error : undefined}
        onFile={(file) => void take(file)}
      />
      {lockedText !== null && (
        <FormStack onSubmit={unlock}>
          <TextInput
            label="Passphrase of the file"
            type="password"
            autoComplete="off"
            required
            value={passphrase}
            error={error}
            onChange={(event) => setPassphrase(event.target.value)}
          />
          <div>
            <Button type="submit" kind="secondary" busy={opening}>
              {opening ? 'Opening …' : 'Open the file'}
            </Button>
          </div>
        </FormStack>
      )}
    </>
  );
}
