'use client';

import { DataTable } from '#app/ui/data-table.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { LongList } from '#app/ui/long-list.tsx';
import { Time } from '#app/ui/time.tsx';
import { formatTime } from '#app/ui/time-words.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';

export interface ListedRoll {
  hash: string;
  number: number;
  size: number;
  /** Unix seconds. */
  time: number;
  growth: string;
  /** Null where nobody counted. */
  added: number | null;
  removed: number | null;
  isChained: boolean;
}

/** The rolls of a group, newest first. */
export function RollTable({ rolls }: { rolls: readonly ListedRoll[] }) {
  return (
    <LongList items={rolls} textOf={wordsOf} find="Find a roll by number, date or hash" one="roll" many="rolls" size={50}>
      {(shown) => (
        <DataTable
          caption="Rolls, newest first"
          captionHidden
          rows={shown}
          rowKey={(roll) => roll.hash}
          empty="None yet."
          columns={[
            { heading: 'Roll', cell: ({ number, isChained }) => `Roll ${number}${isChained ? '' : ' (does not follow the one before)'}` },
            { heading: 'Date', cell: ({ time }) => <Time at={time} detail="day" /> },
            { heading: 'Members', numeric: true, cell: ({ size }) => groupDigits(size) },
            { heading: 'Change', numeric: true, cell: ({ growth }) => growth },
            { heading: 'Added', numeric: true, cell: ({ added }) => (added === null ? 'Not counted' : groupDigits(added)) },
            { heading: 'Removed', numeric: true, cell: ({ removed }) => (removed === null ? 'Not counted' : groupDigits(removed)) },
            { heading: 'Hash', cell: ({ hash }) => <KeyFingerprint hex={hash} whose="Hash of the roll" short /> },
          ]}
        />
      )}
    </LongList>
  );
}

function wordsOf({ number, time, hash }: ListedRoll): string {
  return `roll ${number} ${formatTime(time, 'day')} ${hash}`;
}
