import Link from 'next/link';
import { CopyField } from '../ui/copy-button.tsx';
import { Section } from '../ui/page-parts.tsx';

/** How to check the setup without believing this site. */
export function CheckYourself({ publicUrl, isDevelopment }: { publicUrl: string; isDevelopment: boolean }) {
  return (
    <Section title="Check it yourself" id="check">
      <p>
        In a copy of the <Link href="/about#source">source code</Link>, with the files of the ceremony in{' '}
        <code translate="no">circuits/ceremony</code>, this compiles the circuit again, derives the first key again, and checks every
        contribution, every attestation, the beacon, and that this site gives out exactly the result. It prints one line for each.
      </p>
      <CopyField label="Command" value={`npm run ceremony -- verify circuits/ceremony --artifacts ${publicUrl}/artifacts/`} />
      <p>
        A second opinion on the contributions, by the program of other people: <code translate="no">npx snarkjs zkey verify</code> with the
        constraints, the powers of tau and the proving key.
        <span>
          {isDevelopment && ' For a development key all links hold as well; what it lacks is people who do not depend on each other.'}
        </span>
      </p>
    </Section>
  );
}
