'use client';

import { Select } from '#app/ui/field.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { issuerStore } from '#lib/browser/issue-rolls.ts';
import { findGroup, type IssuedGroup, replaceGroup } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';

const DAY = 86_400;
const EVERY: readonly (readonly [seconds: number, words: string])[] = [
  [DAY, 'Once a day, at midnight UTC'],
  [7 * DAY, 'Once a week, on Thursdays'],
  [28 * DAY, 'Every four weeks'],
];

/** When rolls come out. The choice is kept as it is made; nothing of it is published. */
export function RollSchedule({ id, group }: { id: Hex32; group: IssuedGroup }) {
  async function choose(seconds: number) {
    await issuerStore.update((issuer) => {
      const { publishSeconds: _, ...stored } = findGroup(issuer, id);
      return replaceGroup(issuer, id, seconds > 0 ? { ...stored, publishSeconds: seconds } : stored);
    });
  }

  return (
    <Section title="When rolls come out" id="schedule">
      <p>
        Who sees a roll grow on the day on which somebody joined can guess who that was. On a schedule this page keeps the replies until the
        next turn, so that all who came since the last one appear at once.
      </p>
      <Select
        label="Rolls after the first one"
        value={String(group.publishSeconds ?? 0)}
        onChange={(event) => void choose(Number(event.target.value))}
      >
        <option value="0">Whenever you publish one</option>
        {EVERY.map(([seconds, words]) => (
          <option key={seconds} value={String(seconds)}>
            {words}
          </option>
        ))}
      </Select>
    </Section>
  );
}
