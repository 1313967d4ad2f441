'use client';

import { type FormEvent, useState } from 'react';
import { saveFile } from '#lib/browser/save-file.ts';
import type { Vault } from '#lib/browser/vault.ts';
import { Button } from '../ui/button.tsx';
import { FormStack } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { NewPassphraseFields, NO_PASSPHRASE, passphraseFault } from './new-passphrase.tsx';

interface SaveCopyProps<T> {
  vault: Vault<T>;
  fileName: string;
  /** What a finder of an unlocked copy could do. */
  danger: string;
  /** The button, e.g. "Save a copy". */
  action: string;
  onSaved?: () => void;
}

/** Saves what a vault holds as a file, under a passphrase if one is given. */
export function SaveCopy<T>({ vault, fileName, danger, action, onSaved }: SaveCopyProps<T>) {
  const [passphrase, setPassphrase] = useState(NO_PASSPHRASE);
  const [fault, setFault] = useState<string | null>(null);
  const [state, setState] = useState<'idle' | 'saving' | 'saved' | 'failed'>('idle');

  async function save(event: FormEvent) {
    event.preventDefault();
    const isLocked = passphrase.first !== '';
    const wrong = isLocked ? passphraseFault(passphrase) : null;
    setFault(wrong);
    if (wrong) return;
    setState('saving');
    try {
      saveFile(fileName, await vault.exportFile(isLocked ? passphrase.first : null));
      setPassphrase(NO_PASSPHRASE);
      setState('saved');
      onSaved?.();
    } catch {
      setState('failed');
    }
  }

  return (
    <FormStack onSubmit={(event) => void save(event)}>
      <NewPassphraseFields
        label="Passphrase for the file (optional)"
        hint={`Without one, ${danger}. With one, nobody can help you if you forget it.`}
        value={passphrase}
        error={fault}
        onChange={setPassphrase}
      />
      <div>
        <Button type="submit" kind="secondary" busy={state === 'saving'}>
          {state === 'saving' ? 'Making the file …' : action}
        </Button>
      </div>
      {state === 'saved' && (
        <Notice
          kind="info"
          live
          title="The file went to this browser’s downloads."
          todo="Move it to where you keep things that must not get lost."
        />
      )}
      {state === 'failed' && (
        <Notice
          kind="error"
          live
          title="The file could not be made."
          lost="Nothing was lost."
          todo="Load this page again and try once more."
        />
      )}
    </FormStack>
  );
}
