import type { ReactNode } from 'react';
import { TextInput } from '../ui/field.tsx';

export interface NewPassphrase {
  first: string;
  again: string;
}

export const NO_PASSPHRASE: NewPassphrase = { first: '', again: '' };

/** What is wrong with a passphrase that is being chosen, or null. Length is what counts: scrypt slows guessing, it does not stop it. */
export function passphraseFault({ first, again }: NewPassphrase): string | null {
  if (first.normalize('NFC').length < 10)
    return 'Take at least ten characters: four or five unrelated words are easy to keep and hard to guess.';
  if (first !== again) return 'The two are not the same.';
  return null;
}

interface NewPassphraseFieldsProps {
  label: string;
  hint: ReactNode;
  value: NewPassphrase;
  error: string | null;
  onChange: (value: NewPassphrase) => void;
}

/** A passphrase to be chosen, and the same again once there is something to repeat. */
export function NewPassphraseFields({ label, hint, value, error, onChange }: NewPassphraseFieldsProps) {
  return (
    <>
      <TextInput
        label={label}
        hint={hint}
        type="password"
        autoComplete="new-password"
        value={value.first}
        error={error ?? undefined}
        onChange={(event) => onChange({ ...value, first: event.target.value })}
      />
      {value.first !== '' && (
        <TextInput
          label="The same passphrase again"
          type="password"
          autoComplete="new-password"
          value={value.again}
          onChange={(event) => onChange({ ...value, again: event.target.value })}
        />
      )}
    </>
  );
}
