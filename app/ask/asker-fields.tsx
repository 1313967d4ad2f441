'use client';

import { useState } from 'react';
import { ASKER_FILE_BYTES, describeAsker, parseAsker } from '#lib/protocol/challenge/asker-file.ts';
import { Fieldset, Radio, TextInput } from '../ui/field.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { PersonName } from '../ui/person-name.tsx';
import type { Question, QuestionField } from './compose-challenge.ts';

interface AskerFieldsProps {
  question: Question;
  change: (part: Partial<Question>) => void;
  problemOf: (field: QuestionField) => string | undefined;
}

/** Who asks: with a new key file, or with one that was made for an earlier question. */
export function AskerFields({ question, change, problemOf }: AskerFieldsProps) {
  const [hasFile, setHasFile] = useState(question.asker !== null);
  const [fault, setFault] = useState<string>();

  function read(text: string) {
    const parsed = parseAsker(text);
    setFault(parsed.ok ? undefined : 'This is not an asker’s key file, or it was cut off or changed.');
    if (parsed.ok) change({ asker: parsed.value });
  }

  return (
    <>
      <Fieldset
        legend="Who asks"
        hint="A key file signs your questions and reads the answers. Members see how many questions were asked with it, so use the same one again."
      >
        <Radio
          name="asker"
          checked={!hasFile}
          onChange={() => {
            setHasFile(false);
            change({ asker: null });
          }}
          label="I have no key file yet"
        />
        <Radio
          name="asker"
          checked={hasFile}
          onChange={() => {
            setHasFile(true);
            change({ name: '' }); // so that no key file is made beside the one there is
          }}
          label="I have one"
        />
      </Fieldset>
      {!hasFile && (
        <TextInput
          label="Your name, or your organisation’s"
          hint="Members are told that anybody can write this name, unless it is a domain like example.org, in small letters, that names your key. The next page says how."
          name="asker-name"
          dir="auto"
          value={question.name}
          onChange={(event) => change({ name: event.target.value })}
          error={problemOf('name')}
        />
      )}
      {hasFile && !question.asker && (
        <FileDrop
          label="Your key file"
          hint="It is read in this browser and sent nowhere."
          accept=".json,application/json"
          error={fault ?? (problemOf('name') ? 'Choose your key file.' : undefined)}
          mostBytes={ASKER_FILE_BYTES}
          onText={read}
        />
      )}
      {hasFile && question.asker && (
        <p>
          <span>You ask as </span>
          <PersonName name={question.asker.name} />
          <span>, with the key </span>
          <KeyFingerprint hex={describeAsker(question.asker).key} whose="Your key" short />
          <span>.</span>
        </p>
      )}
    </>
  );
}
