import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import type { TrusteeDescriptor } from '#lib/protocol/statement/statement.ts';
import css from './group.module.css';

interface RecognisedTrusteesProps {
  /** As the newest roll names them. */
  keys: readonly string[];
  /** Those whose names this site knows. */
  known: readonly TrusteeDescriptor[];
}

/** The trustees to whom the issuer would leave a statement's key. */
export function RecognisedTrustees({ keys, known }: RecognisedTrusteesProps) {
  const byKey = new Map(known.map((trustee) => [trustee.key, trustee.name]));
  return (
    <Section title="Trustees it recognises" id="trustees">
      {keys.length === 0 ? (
        <p>None. Members’ browsers warn of every committee.</p>
      ) : (
        <>
          <ul className={css.trustees}>
            {keys.map((key) => (
              <li key={key}>
                <PersonName name={byKey.get(key) ?? 'Not known to this site'} />
                <small>
                  <KeyFingerprint hex={key} whose="Key" short />
                </small>
              </li>
            ))}
          </ul>
          <p>Members’ browsers warn loudly of a statement whose key is held by others.</p>
        </>
      )}
    </Section>
  );
}
