import type { ManifestKey } from '#lib/proof/manifest.ts';
import { DataTable } from '../ui/data-table.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { PersonName } from '../ui/person-name.tsx';
import css from './keys.module.css';

const MEGABYTE = 1_000_000;

/** Who made a key, when, with which beacon, for which circuit, and the hashes of everything. */
export function KeyProvenance({ entry }: { entry: ManifestKey }) {
  const { beacon, compiler, files } = entry;
  return (
    <>
      <FactList
        facts={[
          { term: 'Setup', value: entry.setup === 'dev' ? 'Development, on one machine' : 'Ceremony' },
          {
            term: 'Finished',
            value: (
              <time translate="no" dateTime={entry.date}>
                {entry.date}
              </time>
            ),
          },
          { term: 'Verification key', value: <KeyFingerprint hex={entry.verificationKey} whose="Verification key" /> },
          { term: 'Transcript', value: <KeyFingerprint hex={entry.transcript} whose="Transcript" /> },
        ]}
      />
      <DataTable
        caption="Contributions, in order"
        rows={entry.contributions.map((one, i) => ({ ...one, number: i + 1 }))}
        rowKey={(one) => one.hash}
        columns={[
          { heading: 'Name', cell: (one) => <PersonName name={one.name} /> },
          { heading: 'Number', cell: (one) => one.number, numeric: true },
          {
            heading: 'Hash',
            cell: (one) => (
              <code translate="no" className={css.hash}>
                {one.hash}
              </code>
            ),
          },
        ]}
      />
      <details>
        <summary>Beacon, circuit and files</summary>
        <FactList
          facts={[
            { term: 'Beacon', value: beacon.source },
            {
              term: 'Its value',
              value: (
                <code translate="no" className={css.hash}>
                  {beacon.value}
                </code>
              ),
            },
            { term: 'Hashed', value: `2^${beacon.iterations} times` },
            { term: 'Circuit sources', value: <KeyFingerprint hex={entry.source} whose="Circuit sources" /> },
            { term: 'Constraints', value: <KeyFingerprint hex={entry.r1cs} whose="Constraints" /> },
            { term: 'How many', value: entry.constraints.toLocaleString('en').replaceAll(',', ' ') },
            { term: 'Compiler', value: `${compiler.name} ${compiler.version}, ${compiler.options}` },
            { term: 'Its hash', value: <KeyFingerprint hex={compiler.sha256} whose="Compiler" /> },
            ...Object.entries(files).map(([what, file]) => ({
              term: FILE_NAMES[what as keyof typeof files],
              value: (
                <>
                  <a href={`/artifacts/${file.path}`}>{`${(file.bytes / MEGABYTE).toFixed(file.bytes < MEGABYTE ? 3 : 1)} MB`}</a>
                  <br />
                  <KeyFingerprint hex={file.sha256} whose="SHA-256" />
                </>
              ),
            })),
          ]}
        />
      </details>
    </>
  );
}

const FILE_NAMES = { wasm: 'Calculator', zkey: 'Proving key', verificationKey: 'Verification key file' } as const;
