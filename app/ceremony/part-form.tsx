'use client';

import { type FormEvent, useRef, useState } from 'react';
import { contributorName, parseContributorKey } from '#lib/ceremony/attestation.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { ENOUGH_SAMPLES, RandomnessPad } from './randomness-pad.tsx';

/** Who takes part. */
export interface PersonTakingPart {
  name: string;
  /** The signing key of an earlier contribution; null for a new one. */
  seed: Uint8Array | null;
}

/** What a person brings to a ceremony: randomness, as text. */
export interface BroughtPart extends PersonTakingPart {
  typed: string;
}

interface PartFormProps {
  person: PersonTakingPart;
  onPerson: (person: PersonTakingPart) => void;
  onStart: (part: BroughtPart) => void;
}

/** Bytes; such a file has 65. */
const LARGEST_KEY_FILE = 1000;

/** Name, signing key and randomness of whoever takes part. */
export function PartForm({ person, onPerson, onStart }: PartFormProps) {
  const [problem, setProblem] = useState('');
  const [samples, setSamples] = useState(0);
  const pool = useRef<string[]>([]);

  function start(event: FormEvent) {
    event.preventDefault();
    const parsed = contributorName.safeParse(person.name.trim());
    if (!parsed.success) return setProblem('Write a name of at most 64 characters. It will be public for good.');
    if (samples < ENOUGH_SAMPLES) return setProblem('Move or type a little more first, until the bar is full.');
    onStart({ name: parsed.data, seed: person.seed, typed: pool.current.splice(0).join(' ') });
  }

  return (
    <FormStack onSubmit={start} noValidate>
      <TextInput
        label="Your name in the ceremony"
        hint="Where people should know that it is you. It stays in the key for good."
        maxLength={64}
        value={person.name}
        onChange={(event) => onPerson({ ...person, name: event.target.value })}
        autoComplete="off"
        required
      />
      <KeyFile seed={person.seed} onSeed={(seed) => onPerson({ ...person, seed })} />
      <RandomnessPad
        samples={samples}
        onSample={(sample) => {
          pool.current.push(sample);
          setSamples((before) => before + 1);
        }}
      />
      <ThreeFacts
        leaves="Your name, the new key, and your signed attestation. Not your randomness."
        sees="Everybody. A ceremony is public."
        when="As soon as it has been checked, and for good."
      />
      {problem && <Notice kind="warning" live title={problem} />}
      <div>
        <Button type="submit">Take a place in the queue</Button>
      </div>
    </FormStack>
  );
}

/** The signing key of an earlier contribution. */
function KeyFile({ seed, onSeed }: { seed: Uint8Array | null; onSeed: (seed: Uint8Array | null) => void }) {
  const [isBad, setIsBad] = useState(false);

  function read(text: string) {
    const parsed = parseContributorKey(text);
    onSeed(parsed);
    setIsBad(parsed === null);
  }

  return (
    <FileDrop
      label="Your signing key, if you have one"
      hint={
        seed ? (
          <>
            Your attestation will be signed with <KeyFingerprint hex={publicKeyOf(seed)} whose="Your signing key" short />
          </>
        ) : (
          'The file contributor.key of an earlier contribution. It is read here and sent nowhere. Without it a new key is made.'
        )
      }
      accept=".key"
      error={isBad ? 'This file holds no signing key, so a new one will be made.' : undefined}
      mostBytes={LARGEST_KEY_FILE}
      onText={read}
    />
  );
}
