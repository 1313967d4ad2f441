'use client';

import { useSyncExternalStore } from 'react';
import { Select, TextInput } from '../ui/field.tsx';
import { CADENCES, listGraces } from './draft.ts';
import type { DraftFieldsProps } from './part-props.ts';

const never = () => () => {};

/** Deadline, what time the trustees have after it, and how often signatures are published. */
export function TimeFields({ draft, change, problemOf, platform }: DraftFieldsProps) {
  const zone = useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => '',
  );
  return (
    <>
      <TextInput
        label="Deadline"
        hint={`After it nobody can sign. In your own time zone${zone ? ` (${zone.replaceAll('_', ' ')})` : ''}.`}
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
        hint="Until then they open the names if enough have signed. Then they destroy their shares of the key, whatever has happened."
        value={draft.graceSeconds}
        onChange={(event) => change({ graceSeconds: Number(event.target.value) })}
        error={problemOf('grace')}
      >
        {listGraces(platform.graceMargin).map((grace) => (
          <option key={grace.seconds} value={grace.seconds}>
            {grace.words}
          </option>
        ))}
      </Select>
      <Select
        label="Signatures appear"
        hint={
          draft.cadenceSeconds === 0
            ? 'Whoever watches the page sees the moment of each signature. Good for a trial; in earnest let several appear together.'
            : 'Those that came in meanwhile appear together, so that nobody can see when each was made.'
        }
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
