'use client';

import { type FormEvent, useState } from 'react';
import type { Vault } from '#lib/browser/vault.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { Notice } from '../ui/notice.tsx';
import { useTyped } from './use-typed.ts';
import { useVaultJob } from './vault-failure.ts';

interface RestoreCopyProps<T> {
  vault: Vault<T>;
  /** Names the file, e.g. "File with your key and rosters". */
  label: string;
  /** What is said of a file that is something else. */
  wrongFile: string;
  /** Receives what the file holds; nothing has been stored yet. */
  onRead: (value: T) => Promise<void> | void;
}

/** Bytes: more than any that a vault gives out. */
const LARGEST_COPY = 256 * 1024 * 1024;

/** Reads an exported file back with its passphrase, which becomes that of an empty vault. The file stays on this device. */
export function RestoreCopy<T>({ vault, label, wrongFile, onRead }: RestoreCopyProps<T>) {
  const [text, setText] = useState<string | null>(null);
  const [passphrase, setPassphrase] = useTyped(vault, '');
  const [error, setError] = useState<string>();
  const job = useVaultJob();

  async function open(event: FormEvent) {
    event.preventDefault();
    if (text === null) return;
    setError(undefined);
    await job.start(async () => {
      const value = await vault.readFile(text, passphrase);
      if (!value.ok) return setError(value.code === 'WRONG_PASSPHRASE' ? 'This passphrase does not open the file.' : wrongFile);
      await onRead(value.value);
      setText(null);
      setPassphrase('');
    });
  }

  function take(read: string) {
    setError(undefined);
    setText(read);
  }

  return (
    <>
      <FileDrop
        label={label}
        hint="The file is read here and sent nowhere."
        accept=".json,application/json"
        mostBytes={LARGEST_COPY}
        onText={take}
      />
      {text !== null && (
        <FormStack onSubmit={(event) => void open(event)}>
          <TextInput
            label="Passphrase of the file"
            hint="It stays the passphrase in this browser."
            type="password"
            autoComplete="current-password"
            required
            value={passphrase}
            error={error}
            onChange={(event) => setPassphrase(event.target.value)}
          />
          {job.failure && <Notice kind="error" live {...job.failure} />}
          <div>
            <Button type="submit" kind="secondary" busy={job.running}>
              {job.running ? 'Opening …' : 'Open the file'}
            </Button>
          </div>
        </FormStack>
      )}
    </>
  );
}
