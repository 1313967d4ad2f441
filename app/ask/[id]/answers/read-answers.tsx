'use client';

import { useState } from 'react';
import { FileDrop } from '#app/ui/file-drop.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { ASKER_FILE_BYTES, type Asker, isAskerOf, parseAsker } from '#lib/protocol/challenge/asker-file.ts';
import type { LoadedChallenge } from '#lib/signing/load-challenge.ts';
import { QuestionFacts, QuotedPurpose } from '../../question.tsx';
import { QuestionGate } from '../question-gate.tsx';
import { CountAnswers } from './count-answers.tsx';

/** What members have answered, for whoever has the key file. */
export function ReadAnswers({ id }: { id: string }) {
  return (
    <QuestionGate id={id}>
      {(loaded) => (
        <Stack gap="wide">
          <QuotedPurpose challenge={loaded.context.challenge} domain={loaded.domain} />
          <QuestionFacts context={loaded.context} made={loaded.made} />
          <WithKeyFile loaded={loaded} />
        </Stack>
      )}
    </QuestionGate>
  );
}

function WithKeyFile({ loaded }: { loaded: LoadedChallenge }) {
  const [asker, setAsker] = useState<Asker | null>(null);
  const [fault, setFault] = useState<string>();

  function read(text: string) {
    const parsed = parseAsker(text);
    if (!parsed.ok) return setFault('This is not an asker’s key file, or it was cut off or changed.');
    if (!isAskerOf(parsed.value, loaded.context.challenge))
      return setFault('This is a key file, but this question was asked with another one.');
    setAsker(parsed.value);
  }

  if (asker) return <CountAnswers loaded={loaded} asker={asker} />;
  return (
    <FileDrop
      label="Your key file"
      hint="The one that you saved when you asked. It is read in this browser and sent nowhere."
      accept=".json,application/json"
      error={fault}
      mostBytes={ASKER_FILE_BYTES}
      onText={read}
    />
  );
}
