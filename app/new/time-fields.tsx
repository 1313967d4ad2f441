'use client';

import { useSyncExternalStore } from 'react';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { describeWatcher } from '#lib/signing/send-later.ts';
import { Select, TextInput } from '../ui/field.tsx';
import { describeAtMost } from '../ui/time-words.ts';
import { leastGraceOf, paceOf } from './compose-statement.ts';
import { CADENCES, listGraces, pickGrace } from './draft.ts';
import type { DraftFieldsProps } from './part-props.ts';
import { readConditions } from './read-conditions.ts';

const never = () => () => {};

interface TimeFieldsProps extends DraftFieldsProps {
  /** The rolls of the chosen groups that have arrived. */
  headers: readonly RollHeader[];
}

/** Deadline, what time the trustees have after it, and how often signatures are published. */
export function TimeFields({ draft, change, problemOf, platform, headers }: TimeFieldsProps) {
  const read = readConditions(draft, headers);
  const least = leastGraceOf(draft, platform, headers, read.ok ? read.value.together : 1);
  const { mergeDelay, clockSkew } = paceOf(draft, platform);
  const zone = useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => '',
  );
  return (
    <>
      <TextInput
        label="Deadline"
        hint={`After it nobody can sign. A site that breaks the rules could slip signatures in until ${describeAtMost(mergeDelay + clockSkew)} later, and no longer. In your own time zone${zone ? ` (${zone.replaceAll('_', ' ')})` : ''}.`}
        name="deadline"
        type="datetime-local"
        step={platform.trial ? 1 : 60}
        size={24}
        value={draft.deadline}
        onChange={(event) => change({ deadline: event.target.value })}
        error={problemOf('deadline')}
      />
      <Select
        label="Time for the trustees after the deadline"
        hint="Until then they mix and open the names if enough have signed. Then they destroy their shares of the key, whatever has happened. The shortest of these leaves time for all of it."
        value={pickGrace(draft.graceSeconds, least)}
        onChange={(event) => change({ graceSeconds: Number(event.target.value) })}
        error={problemOf('grace')}
      >
        {listGraces(least).map((grace) => (
          <option key={grace.seconds} value={grace.seconds}>
            {grace.words}
          </option>
        ))}
      </Select>
      <Select
        label="Signatures appear"
        hint={`For a signer: ${describeWatcher(draft.cadenceSeconds)} ${draft.cadenceSeconds === 0 ? 'At once is for trials.' : 'A signer may also let the page send it later, at a moment drawn by lot.'}`}
        value={draft.cadenceSeconds}
        onChange={(event) => change({ cadenceSeconds: Number(event.target.value) })}
      >
        {CADENCES.map((cadence) => (
          <option key={cadence.seconds} value={cadence.seconds}>
            {cadence.words}
          </option>
        ))}
      </Select>
    </>
  );
}
