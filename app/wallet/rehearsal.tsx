'use client';

import { type FormEvent, useState } from 'react';
import { findWrong } from '#lib/signing/rehearsal.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { AS_TYPED, FormStack, TextInput } from '../ui/field.tsx';

interface RehearsalProps {
  words: readonly string[];
  /** The places, from 0, of the words that are asked for. */
  asked: readonly number[];
  onDone: () => void;
  onBack: () => void;
}

/** Asks for some of the words, so that a sheet with a mistake is noticed while it can be put right. */
export function Rehearsal({ words, asked, onDone, onBack }: RehearsalProps) {
  const [answers, setAnswers] = useState<readonly string[]>(asked.map(() => ''));
  const [wrong, setWrong] = useState<readonly number[]>([]);

  function check(event: FormEvent) {
    event.preventDefault();
    const found = findWrong(words, asked, answers);
    setWrong(found);
    if (found.length === 0) onDone();
  }

  return (
    <FormStack onSubmit={check} autoComplete="off">
      <p>Look at your sheet, and type these three.</p>
      {asked.map((place, i) => (
        <TextInput
          key={place}
          label={`Word ${place + 1}`}
          size={16}
          required
          {...AS_TYPED}
          value={answers[i]}
          error={wrong.includes(place) ? 'This is not the word in that place.' : undefined}
          onChange={(event) => setAnswers(answers.with(i, event.target.value))}
        />
      ))}
      <ButtonRow>
        <Button type="submit">These are the words</Button>
        <Button kind="secondary" onClick={onBack}>
          Show them again
        </Button>
      </ButtonRow>
    </FormStack>
  );
}
