import type { Metadata } from 'next';
import Link from 'next/link';
import { getContext } from '#lib/server/current-context.ts';
import { Notice } from '../ui/notice.tsx';
import { PageHead, Section } from '../ui/page-parts.tsx';
import { CheckYourself } from './check-yourself.tsx';
import { KeyProvenance } from './key-provenance.tsx';

export const metadata: Metadata = { title: 'Keys in use' };

/** Where the proving keys of this instance come from: the current one, and earlier ones that open statements still use. */
export default async function KeysPage() {
  const { manifest, publicUrl } = await getContext();
  const current = manifest.keys.find((key) => key.verificationKey === manifest.current);
  const earlier = manifest.keys.filter((key) => key !== current);
  return (
    <>
      <PageHead
        title="Keys in use"
        lead="Every signature carries a proof, and every proof is made and checked under a key. Whoever knew all the secrets that went into that key could forge signatures, though not open names."
      />
      {current && (
        <Section title="The current key" id="current">
          {current.setup === 'dev' ? (
            <Notice
              kind="warning"
              title="This is a development key: it was made on one machine, whoever the contributors below are said to be."
              todo="Whoever ran that machine could forge signatures. Good for trying things out, and for nothing that matters."
            />
          ) : (
            <p>
              It comes from a ceremony: forging needs all of the people below together. Whether they are people, and different ones, only
              their published attestations can tell you.
            </p>
          )}
          <KeyProvenance entry={current} />
        </Section>
      )}
      <CheckYourself publicUrl={publicUrl} isDevelopment={current?.setup === 'dev'} />
      <Section title="Earlier keys">
        {earlier.length === 0 ? (
          <p>None. When a new key takes over, the old one stays listed here, for the statements that were opened under it.</p>
        ) : (
          earlier.map((entry) => (
            <details key={entry.verificationKey}>
              <summary>
                <span>{entry.setup === 'dev' ? 'Development key' : 'Key from a ceremony'}</span> of{' '}
                <span translate="no">{`${entry.date}, ${entry.verificationKey.slice(0, 16)}…`}</span>
              </summary>
              <KeyProvenance entry={entry} />
            </details>
          ))
        )}
      </Section>
      <p>
        <Link href="/ceremony">How a ceremony goes, and whether one can be joined here</Link>
      </p>
    </>
  );
}
