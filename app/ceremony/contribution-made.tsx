'use client';

import type { Made } from '#lib/browser/ceremony-worker.ts';
import { saveFile } from '#lib/browser/save-file.ts';
import { formatAttestation, formatContributorKey } from '#lib/ceremony/attestation.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import css from './ceremony.module.css';

/** What a contributor takes away. `position` is null while the ceremony has not taken the contribution. */
export function ContributionMade({ made, position }: { made: Made; position: number | null }) {
  const { attestation, key, newSeed } = made;
  const text = formatAttestation(attestation);
  const number = attestation.position.toString().padStart(4, '0');
  return (
    <Stack gap="wide">
      {position !== null && (
        <Notice kind="info" live title={`Your contribution is number ${position} of this ceremony.`}>
          <p>It was checked once more by the site, and the next person builds on it.</p>
        </Notice>
      )}
      <Section title="The hash of your contribution">
        <KeyFingerprint hex={attestation.contribution} whose="Contribution" />
      </Section>
      <Section title="Publish this where people know you">
        <p>Otherwise nobody can tell whether the name in the list is a person.</p>
        <pre translate="no" className={css.letter}>
          {text}
        </pre>
        <ButtonRow>
          <CopyButton value={text} kind="primary">
            Copy the text
          </CopyButton>
          <Button kind="secondary" onClick={() => saveFile(`attestation-${number}.txt`, text, 'text/plain')}>
            Save the text
          </Button>
        </ButtonRow>
      </Section>
      {newSeed && (
        <Section title="Keep your signing key">
          <p>It was made for this attestation and shows, should anybody doubt it, that the contribution is yours. It opens nothing else.</p>
          <ButtonRow>
            <Button kind="secondary" onClick={() => saveFile('contributor.key', formatContributorKey(newSeed), 'text/plain')}>
              Save contributor.key
            </Button>
          </ButtonRow>
        </Section>
      )}
      <Section title="The files">
        <p>
          {position === null
            ? 'For the coordinator, who puts them into the folders “keys” and “attestations” and checks them.'
            : 'The ceremony has them. Save your own if you want to compare later.'}
        </p>
        <ButtonRow>
          <Button kind="secondary" onClick={() => saveFile(`${number}.zkey`, key, 'application/octet-stream')}>
            {`Save ${number}.zkey`}
          </Button>
          <Button kind="secondary" onClick={() => saveFile(`${number}.json`, `${JSON.stringify(attestation, null, 2)}\n`)}>
            {`Save ${number}.json`}
          </Button>
        </ButtonRow>
      </Section>
      <Section title="What was erased">
        <p>
          Your secret was only in the memory of a worker that has been ended, and your movements and what you typed were given up with it.
          JavaScript cannot guarantee that no copy stayed behind. To be more certain, close the browser and switch the device off.
        </p>
      </Section>
    </Stack>
  );
}
