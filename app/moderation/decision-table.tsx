import Link from 'next/link';
import type { Decision } from '#lib/api/shapes.ts';
import { DataTable } from '../ui/data-table.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Time } from '../ui/time.tsx';

const DONE = { hide: 'hidden', refuse: 'refused', show: 'shown again' };

/** What was decided, why and when. */
export function DecisionTable({ decisions }: { decisions: readonly (Decision & { id: number })[] }) {
  return (
    <DataTable
      caption="Decisions, newest first"
      captionHidden
      rows={decisions}
      rowKey={({ id }) => String(id)}
      empty="Nothing has been hidden on this site."
      columns={[
        {
          heading: 'What',
          cell: ({ kind, subject, action }) => (
            <Link prefetch={false} href={kind === 'statement' ? `/s/${subject}` : `/groups/${subject}`}>
              {`A ${kind}, ${DONE[action]}`}
            </Link>
          ),
        },
        { heading: 'Reason', cell: ({ reason }) => <bdi translate="no">{reason}</bdi> },
        { heading: 'Decided', cell: ({ day }) => <Time at={day} detail="day" /> },
        { heading: 'Hash', cell: ({ kind, subject }) => <KeyFingerprint hex={subject} whose={`Hash of the ${kind}`} short /> },
      ]}
    />
  );
}
