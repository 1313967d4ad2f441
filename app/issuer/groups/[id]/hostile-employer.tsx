'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#app/ui/button.tsx';
import { FormStack, TextInput } from '#app/ui/field.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { parseDomain } from '#lib/api/mail-address.ts';
import { issuerStore } from '#lib/browser/issue-rolls.ts';
import { findGroup, type IssuedGroup, replaceGroup } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

/** Declares that the employer must notice nothing: then people are admitted in two ways only, and no invitation goes to its domains. */
export function HostileEmployer({ id, group }: { id: Hex32; group: IssuedGroup }) {
  const { hostileEmployer } = group;
  return (
    <Section title="If the employer must not know" id="employer">
      <p>
        Declare it for this group. Then people are admitted in two ways only: by an invitation to a private address, and in person. No
        invitation goes to an address of the employer’s, and a roll takes in nobody who came otherwise. The roll says how many came in which
        of the two ways.
      </p>
      {hostileEmployer ? (
        <Declared domains={hostileEmployer.domains} onTakeBack={() => void declare(id, null)} />
      ) : (
        <DeclareForm onDeclare={(domains) => void declare(id, domains)} />
      )}
    </Section>
  );
}

async function declare(id: Hex32, domains: string[] | null): Promise<void> {
  await issuerStore.update((issuer) => {
    const { hostileEmployer: _, ...stored } = findGroup(issuer, id);
    return replaceGroup(issuer, id, domains ? { ...stored, hostileEmployer: { domains } } : stored);
  });
}

function Declared({ domains, onTakeBack }: { domains: readonly string[]; onTakeBack: () => void }) {
  return (
    <>
      <p role="status">
        <span>The employer of this group is treated as hostile. Its domains: </span>
        <bdi translate="no">{domains.join(', ')}</bdi>
      </p>
      <div>
        <Button kind="secondary" onClick={onTakeBack}>
          Take this back
        </Button>
      </div>
    </>
  );
}

function DeclareForm({ onDeclare }: { onDeclare: (domains: string[]) => void }) {
  const [text, setText] = useState('');
  const [isBad, setBad] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    const read = text.split(/[\s,;]+/).filter((part) => part !== '');
    const domains = read.map(parseDomain).filter((one) => one !== null);
    const isGood = read.length > 0 && domains.length === read.length && read.length <= 50;
    setBad(!isGood);
    if (isGood) onDeclare([...new Set(domains)]);
  }

  return (
    <FormStack onSubmit={submit}>
      <TextInput
        label="The employer’s mail domains"
        hint="Separated by commas, for example work.example. Addresses below them count as well."
        autoComplete="off"
        spellCheck={false}
        required
        value={text}
        error={isBad ? 'These are not all domains such as work.example.' : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      <div>
        <Button type="submit" kind="secondary">
          The employer must not know
        </Button>
      </div>
    </FormStack>
  );
}
