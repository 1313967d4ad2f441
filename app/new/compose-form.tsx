'use client';

import { bytesToHex } from '@noble/hashes/utils.js';
import { type FormEvent, useEffect, useState } from 'react';
import type { GroupChoices, Platform } from '#lib/api/shapes.ts';
import { askClockAhead, ownTime } from '#lib/browser/platform-clock.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { growthWarnings } from '#lib/signing/growth.ts';
import { policyWarnings } from '#lib/signing/trustee-policies.ts';
import { Button } from '../ui/button.tsx';
import { ClockNotice } from '../ui/clock-notice.tsx';
import { FormStack } from '../ui/field.tsx';
import { useLeaveWarning } from '../ui/use-leave-warning.ts';
import { CommitteeFields } from './committee-fields.tsx';
import { type Composed, composeStatement } from './compose-statement.ts';
import { chooseGroups, createDraft, type Draft, type DraftField, suggestDeadline } from './draft.ts';
import { GroupFields } from './group-fields.tsx';
import { HidingPart } from './hiding-part.tsx';
import { ProblemList } from './problem-list.tsx';
import { ReviewStatement } from './review-statement.tsx';
import { type Revised, RevisionField, takeUp } from './revision-field.tsx';
import { TextFields } from './text-fields.tsx';
import { TimeFields } from './time-fields.tsx';
import { TogetherField } from './together-field.tsx';
import { TriggerFields } from './trigger-fields.tsx';
import { useRolls } from './use-rolls.ts';

interface ComposeFormProps {
  platform: Platform;
  groups: GroupChoices;
  /** The statement to revise, if the address names one. */
  revised: Revised | null;
}

/** The form for a new statement and, once it is complete, the page on which exactly that statement is shown and opened. */
export function ComposeForm({ platform, groups, revised }: ComposeFormProps) {
  const [draft, setDraft] = useState<Draft>(() => ({
    ...createDraft(platform),
    groups: chooseGroups(platform, groups),
    ...(revised ? takeUp(revised) : {}),
  }));
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [ahead, setAhead] = useState(0);
  const [ready, setReady] = useState<Extract<Composed, { ok: true }> | null>(null);
  const { rolls, load } = useRolls();
  const [first] = useState(draft.groups);
  const isWritten = draft.title !== '' || draft.body !== '';

  // In the reader's zone, which the server does not know.
  useEffect(() => {
    let current = true;
    void askClockAhead().then((seconds) => {
      if (!current) return;
      setAhead(seconds);
      setDraft((before) => (before.deadline ? before : { ...before, deadline: suggestDeadline(ownTime() - seconds) }));
    });
    return () => {
      current = false;
    };
  }, []);

  useEffect(() => {
    for (const group of first) void load(group);
  }, [first, load]);

  useLeaveWarning(isWritten);

  const headers = draft.groups.flatMap((group) => {
    const roll = rolls.get(group);
    return roll?.status === 'here' ? [roll.header] : [];
  });

  function compose(known: readonly RollHeader[]): Composed {
    return composeStatement(draft, {
      platform,
      rolls: new Map(known.map((header) => [groupId(header.group), header])),
      now: Math.floor(ownTime() - ahead),
      nonce: bytesToHex(secureRandom(32)),
    });
  }

  async function review(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    const known = await Promise.all(draft.groups.map(load));
    setBusy(false);
    setAsked(true);
    const composed = compose(known.filter((header) => header !== null));
    if (composed.ok) setReady(composed);
  }

  const growth = draft.groups.flatMap((group) => {
    const roll = rolls.get(group);
    return roll?.status === 'here' ? growthWarnings(roll.history) : [];
  });
  if (ready) {
    const declined = policyWarnings(ready.context.statement, platform.policies ?? [], ownTime() - ahead);
    return <ReviewStatement {...ready} further={[...growth, ...declined]} onBack={() => setReady(null)} />;
  }

  const composed = asked ? compose(headers) : null;
  const problems = composed && !composed.ok ? composed.problems : [];
  const parts = {
    draft,
    change: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })),
    problemOf: (field: DraftField) => problems.find((problem) => problem.field === field)?.text,
    platform,
  };

  return (
    <FormStack onSubmit={(event) => void review(event)} noValidate>
      {revised && <RevisionField {...parts} revised={revised} />}
      <TextFields {...parts} />
      <GroupFields {...parts} groups={groups} rolls={rolls} onChoose={(group) => void load(group)} />
      <TriggerFields {...parts} headers={headers} />
      <TogetherField {...parts} headers={headers} />
      <HidingPart {...parts} headers={headers} />
      <ClockNotice ahead={ahead} />
      <TimeFields {...parts} headers={headers} />
      <CommitteeFields {...parts} />
      <ProblemList problems={problems} />
      <div>
        <Button type="submit" busy={busy}>
          Review the statement
        </Button>
      </div>
    </FormStack>
  );
}
