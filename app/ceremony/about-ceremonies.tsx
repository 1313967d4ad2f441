import Link from 'next/link';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { StepList } from '../ui/steps.tsx';

const STEPS = [
  {
    key: 'pin',
    title: 'A coordinator writes down what will be done',
    text: 'The circuit, the compiler, the first key and the public randomness to come at the end are fixed and published before anybody contributes.',
  },
  {
    key: 'contribute',
    title: 'People contribute, one after the other',
    text: 'Each verifies everything before them, adds a secret, forgets it, and publishes a signed text about it.',
  },
  {
    key: 'beacon',
    title: 'Public randomness closes it',
    text: 'A value that nobody could know while people contributed, such as a round of a public random beacon.',
  },
  {
    key: 'verify',
    title: 'Anybody checks it, at any time',
    text: 'From public files alone, link by link. Only whether all contributors conspired cannot be seen.',
  },
];

/** What a ceremony is, where none can be joined. */
export function AboutCeremonies() {
  return (
    <>
      <Notice
        kind="info"
        title="No ceremony can be joined here at the moment."
        todo={
          <>
            The keys that are in use, and who made them, stand under <Link href="/keys">Keys in use</Link>.
          </>
        }
      />
      <Section title="How a ceremony goes">
        <StepList steps={STEPS} />
      </Section>
      <Section title="Run one">
        <p>
          The runbook is <code translate="no">scripts/setup-ceremony/README.md</code> in the <Link href="/about#source">source code</Link>:
          a handful of commands on files, for coordinator, contributors and everybody who checks. An instance that is started with{' '}
          <code translate="no">CEREMONY_FOLDER</code> lets people join on this page.
        </p>
      </Section>
    </>
  );
}
