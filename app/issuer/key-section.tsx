'use client';

import { useRouter } from 'next/navigation';
import { eraseIssuer, issuerApi } from '#lib/browser/issue-rolls.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import { type Issuer, issuerKey } from '#lib/issuing/issuer-file.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Section } from '../ui/page-parts.tsx';
import { PassphraseLock } from '../vault/passphrase-lock.tsx';
import { PersistenceNotice } from '../vault/persistence-notice.tsx';
import { SaveCopy } from '../vault/save-copy.tsx';

/** The signing key of this browser: its fingerprint to publish, its copy to keep, its lock, its end. */
export function KeySection({ issuer, hasPassphrase }: { issuer: Issuer; hasPassphrase: boolean }) {
  const router = useRouter();

  async function signOut(where: 'here' | 'everywhere') {
    issuerVault().lock();
    await (where === 'here' ? issuerApi.signOut() : issuerApi.signOutEverywhere());
    router.push('/');
  }

  return (
    <>
      <PersistenceNotice what="your key and rosters" copy="#copy" />
      <Section title="Your signing key" id="key">
        <p>
          It lives in this browser, with your rosters and invitations, and nowhere else. Publish its fingerprint where people trust you, on
          your letterhead or your website, so that members can compare it:
        </p>
        <p>
          <KeyFingerprint hex={issuerKey(issuer)} whose="Your key" />
        </p>
      </Section>
      <Section title="Save a copy" id="copy">
        <p>
          Without the key no new roll can be published, and nobody can make you another that members would accept. Save a copy now, and
          again after you have invited people.
        </p>
        <SaveCopy
          vault={issuerVault()}
          fileName="round-robin-issuer.json"
          danger="whoever reads the file can admit people in your name and reads your rosters"
          action="Save key and rosters"
        />
      </Section>
      <Section title="Lock with a passphrase" id="lock">
        <p>
          {hasPassphrase
            ? 'Key and rosters open only with your passphrase.'
            : 'Whoever opens this browser can read your rosters and sign in your name. A passphrase keeps them closed.'}
        </p>
        <PassphraseLock vault={issuerVault()} hasPassphrase={hasPassphrase} />
      </Section>
      <Section title="Leave" id="leave">
        <ButtonRow>
          <Button kind="secondary" onClick={() => void signOut('here')}>
            Sign out
          </Button>
          <Button kind="secondary" onClick={() => void signOut('everywhere')}>
            Sign out in all browsers
          </Button>
          <ConfirmDialog
            trigger="Delete key and rosters here"
            title="Delete your key and rosters from this browser?"
            confirm="Delete them"
            onConfirm={() => void eraseIssuer()}
          >
            <p>
              Without a saved copy your groups end here: nobody can publish another roll for them. What is published stays published, and
              members keep what they have.
            </p>
          </ConfirmDialog>
        </ButtonRow>
      </Section>
    </>
  );
}
