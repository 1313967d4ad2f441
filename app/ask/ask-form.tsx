'use client';

import { bytesToHex } from '@noble/hashes/utils.js';
import { type FormEvent, useEffect, useState } from 'react';
import type { GroupChoices, Platform } from '#lib/api/shapes.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { createAsker } from '#lib/protocol/challenge/asker-file.ts';
import { LONGEST_PURPOSE } from '#lib/protocol/challenge/challenge.ts';
import { GroupChoice } from '../new/group-choice.tsx';
import { LanguageSelect } from '../new/language-select.tsx';
import { ProblemList } from '../new/problem-list.tsx';
import { useRolls } from '../new/use-rolls.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, Select, TextArea } from '../ui/field.tsx';
import { AskerFields } from './asker-fields.tsx';
import { type ComposedQuestion, composeQuestion, type Question, type QuestionField, type QuestionProblem } from './compose-challenge.ts';
import { ReviewQuestion } from './review-question.tsx';

interface AskFormProps {
  platform: Platform;
  groups: GroupChoices;
  /** The groups to begin with. */
  first: string[];
}

const DAYS = [1, 3, 7, 14, 30, 90] as const;

/** The form for a challenge and, once it is complete, the page on which exactly that challenge is shown and published. */
export function AskForm({ platform, groups, first }: AskFormProps) {
  const [question, setQuestion] = useState<Question>({ asker: null, name: '', language: 'en', purpose: '', groups: first, days: 7 });
  const [problems, setProblems] = useState<readonly QuestionProblem[]>([]);
  const [busy, setBusy] = useState(false);
  const [ready, setReady] = useState<Extract<ComposedQuestion, { ok: true }> | null>(null);
  const { rolls, load } = useRolls();
  const change = (part: Partial<Question>) => setQuestion((before) => ({ ...before, ...part }));
  const problemOf = (field: QuestionField) => problems.find((problem) => problem.field === field)?.text;

  useEffect(() => {
    for (const group of first) void load(group);
  }, [first, load]);

  function choose(group: string, on: boolean) {
    if (on) void load(group);
    change({ groups: on ? [...question.groups, group] : question.groups.filter((other) => other !== group) });
  }

  async function review(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const [ahead, headers] = await Promise.all([askClockAhead(), Promise.all(question.groups.map(load))]);
    setBusy(false);
    const composed = composeQuestion(question, {
      platform,
      headers: headers.filter((header) => header !== null),
      now: Math.floor(ownTime() - ahead),
      nonce: bytesToHex(secureRandom(32)),
      createAsker: (name) => createAsker(name, secureRandom),
    });
    setProblems(composed.ok ? [] : composed.problems);
    if (composed.ok) setReady(composed);
  }

  if (ready)
    return (
      <ReviewQuestion
        context={ready.context}
        asker={ready.asker}
        isNewAsker={question.asker === null}
        onSaved={() => change({ asker: ready.asker })}
        onBack={() => setReady(null)}
      />
    );
  return (
    <FormStack onSubmit={(event) => void review(event)} noValidate>
      <TextArea
        label="What the answers are for"
        hint="In your own words. Members see them quoted as yours, and so does everybody to whom you show the answers. Plain text; line breaks are kept."
        name="purpose"
        serif
        dir="auto"
        rows={6}
        maxLength={LONGEST_PURPOSE}
        value={question.purpose}
        onChange={(event) => change({ purpose: event.target.value })}
        error={problemOf('purpose')}
      />
      <LanguageSelect label="Language of these words" value={question.language} onChange={(language) => change({ language })} />
      <GroupChoice
        legend="Whom you ask"
        hint="Members of the groups that you choose, by their newest rolls. Somebody who belongs to several of them counts once."
        error={problemOf('groups')}
        guess="who answered"
        groups={groups}
        chosen={question.groups}
        rolls={rolls}
        floor={platform.anonymityFloor}
        onChange={choose}
      />
      <Select label="How long they may answer" value={question.days} onChange={(event) => change({ days: Number(event.target.value) })}>
        {DAYS.map((days) => (
          <option key={days} value={days}>
            {days === 1 ? 'one day' : `${days} days`}
          </option>
        ))}
      </Select>
      <AskerFields question={question} change={change} problemOf={problemOf} />
      <ProblemList problems={problems} />
      <div>
        <Button type="submit" busy={busy}>
          Review the question
        </Button>
      </div>
    </FormStack>
  );
}
