import type { GroupView } from '../../../lib/server/groups/list.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { KeyFingerprint } from '../../ui/key-fingerprint.tsx';
import { Section } from '../../ui/page-parts.tsx';
import { Time } from '../../ui/time.tsx';
import { growthOf } from './roll-growth.ts';

/** Every roll ever published, so that a sudden crowd of new members is there for all to see. */
export function RollHistory({ rolls }: Pick<GroupView, 'rolls'>) {
  return (
    <Section title="Rolls" id="rolls">
      <p>
        A roll is one published version of the list of members, signed and without names. Each continues the one before and none can be
        taken back. A statement keeps the rolls it was opened with.
      </p>
      <DataTable
        caption="Rolls, newest first"
        captionHidden
        rows={growthOf(rolls.map(({ hash, header }) => ({ hash, number: header.number, size: header.size, time: header.time })))}
        rowKey={(roll) => roll.hash}
        empty="None yet."
        columns={[
          { heading: 'Roll', cell: ({ number }) => `Roll ${number}` },
          { heading: 'Date', cell: ({ time }) => <Time at={time} detail="day" /> },
          { heading: 'Members', numeric: true, cell: ({ size }) => size.toLocaleString('en-GB') },
          { heading: 'Change', numeric: true, cell: ({ growth }) => growth },
          { heading: 'Hash', cell: ({ hash }) => <KeyFingerprint hex={hash} whose="Hash of the roll" short /> },
        ]}
      />
    </Section>
  );
}
