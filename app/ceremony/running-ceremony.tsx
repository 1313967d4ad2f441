import Link from 'next/link';
import type { CeremonyView } from '#lib/api/ceremony-shapes.ts';
import { DataTable } from '../ui/data-table.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';
import { expectedBrowserCost } from './expected-cost.ts';
import { JoinCeremony } from './join-ceremony.tsx';

/** A ceremony that this instance coordinates: what it is about, joining, and who has contributed. */
export function CeremonyUnderWay({ view }: { view: CeremonyView }) {
  const { minutes, megabytes } = expectedBrowserCost(view.constraints);
  return (
    <>
      <Section title={view.title}>
        <FactList
          facts={[
            { term: 'Ceremony', value: <KeyFingerprint hex={view.ceremony} whose="Hash of the description" /> },
            { term: 'Beacon at the end', value: view.beacon },
            { term: 'Contributions so far', value: String(view.contributions.length) },
            { term: 'In the queue', value: String(view.standing) },
            ...(view.setup === 'dev' ? [{ term: 'Purpose', value: 'Development: the result is marked as such' }] : []),
          ]}
        />
        <p>
          Compare the first line with the hash that the coordinator published before the first contribution. It stands for circuit,
          compiler, first key and beacon: <a href="/api/ceremony/files/description.json">the description</a>.
        </p>
      </Section>
      <Section title="Take part">
        {view.isClosed ? (
          <Notice kind="info" title="This ceremony takes no more contributions: the moment of its beacon has come." />
        ) : (
          <>
            <p>
              <span>{`About ${minutes} and ${megabytes} MB of memory, more on a phone. `}</span>
              Your browser first verifies the key that it is given, with everything it rests on. What it cannot do is compile the circuit:
              if you want that as well, contribute by command; see the runbook <code translate="no">scripts/setup-ceremony/README.md</code>{' '}
              in the <Link href="/about#source">source code</Link>.
            </p>
            <JoinCeremony ceremony={view.ceremony} />
          </>
        )}
      </Section>
      <Section title="Who has contributed">
        <DataTable
          caption="Contributions"
          captionHidden
          rows={view.contributions}
          rowKey={(one) => String(one.position)}
          columns={[
            { heading: 'Name', cell: (one) => <PersonName name={one.name} /> },
            { heading: 'Number', cell: (one) => one.position, numeric: true },
            { heading: 'When', cell: (one) => <Time at={one.time} /> },
            { heading: 'Contribution', cell: (one) => <KeyFingerprint hex={one.hash} whose="Contribution" short /> },
            {
              heading: 'Attestation',
              cell: (one) => <a href={`/api/ceremony/files/attestations/${String(one.position).padStart(4, '0')}.txt`}>text</a>,
            },
          ]}
          empty="Nobody yet. You would be the first."
        />
      </Section>
    </>
  );
}
