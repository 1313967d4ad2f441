'use client';

import { type FormEvent, useState } from 'react';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import { createIssuer, type Issuer } from '#lib/issuing/issuer-file.ts';
import { Button } from '../ui/button.tsx';
import { FormStack } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { NewPassphraseFields, NO_PASSPHRASE, passphraseFault } from '../vault/new-passphrase.tsx';
import { PersistenceNotice } from '../vault/persistence-notice.tsx';
import { RestoreCopy } from '../vault/restore-copy.tsx';
import { useTyped } from '../vault/use-typed.ts';
import { useVaultJob } from '../vault/vault-failure.ts';
import { LostKey } from './lost-key.tsx';

/** For an issuer whose browser has no key yet: make one, or bring the one that exists. */
export function KeySetup() {
  return (
    <Stack gap="wide">
      <Section title="Make your signing key">
        <p>
          Everything you vouch for is signed with a key, and members’ browsers remember it. The key is made in this browser and stays here,
          with your rosters and invitations, encrypted with a passphrase. This site never has them, so it can neither admit anybody in your
          name nor give your lists away. It cannot help you if you lose them either: save a copy.
        </p>
        <ThreeFacts
          leaves="Nothing now."
          sees="Everybody sees the public half of the key, once you make a group."
          when="The secret half never leaves this browser unless you save it as a file."
        />
        <NewKey />
      </Section>
      <Section title="Restore it from a file" id="restore">
        <p>
          If you have kept groups in another browser, or a colleague has asked you to administer theirs, bring the file. A new key could not
          go on with them. If you have published rolls since the file was saved, or are not sure, first ask your members or look at your
          statements which number and date the newest roll has: a site that hides it would get a second roll of the same number signed by
          you, and nothing in the file could show that.
        </p>
        <RestoreCopy
          vault={issuerVault()}
          label="File with your key and rosters"
          wrongFile="This is not an issuer’s file, or it was cut off or changed."
          onRead={keep}
        />
      </Section>
      <LostKey issuer={null} />
    </Stack>
  );
}

function NewKey() {
  const [passphrase, setPassphrase] = useTyped(issuerVault(), NO_PASSPHRASE);
  const [fault, setFault] = useState<string | null>(null);
  const job = useVaultJob();

  async function make(event: FormEvent) {
    event.preventDefault();
    const wrong = passphraseFault(passphrase);
    setFault(wrong);
    if (wrong) return;
    await job.start(async () => {
      await issuerVault().setPassphrase(passphrase.first);
      await keep(createIssuer(secureRandom));
    });
  }

  return (
    <FormStack onSubmit={(event) => void make(event)}>
      <PersistenceNotice
        what="your key and rosters"
        todo="Save a copy as soon as the key is made, and keep the file where it will not get lost."
      />
      <NewPassphraseFields
        label="Passphrase for this browser"
        hint="You are asked for it each time you come back. Nobody can help you if you forget it."
        value={passphrase}
        error={fault}
        onChange={setPassphrase}
      />
      {job.failure && <Notice kind="error" live {...job.failure} lost="No key was made." />}
      <div>
        <Button type="submit" busy={job.running}>
          {job.running ? 'Making the key …' : 'Make my signing key'}
        </Button>
      </div>
    </FormStack>
  );
}

async function keep(issuer: Issuer): Promise<void> {
  await issuerVault().update((stored) => stored ?? issuer);
}
