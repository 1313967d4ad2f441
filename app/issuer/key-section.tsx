'use client';

import { useRouter } from 'next/navigation';
import { eraseIssuer, issuerApi } from '#lib/browser/issue-rolls.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import { type Issuer, issuerKey } from '#lib/issuing/issuer-file.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { PassphraseLock } from '../vault/passphrase-lock.tsx';
import { PersistenceNotice } from '../vault/persistence-notice.tsx';
import { SaveCopy } from '../vault/save-copy.tsx';
import { useVaultJob } from '../vault/vault-failure.ts';
import { useIssuerJob } from './use-issuer-job.ts';

/** The signing key of this browser: its fingerprint to publish, its copy to keep, its lock, its end. */
export function KeySection({ issuer }: { issuer: Issuer }) {
  const router = useRouter();
  const leaving = useIssuerJob();
  const erasing = useVaultJob();

  async function signOut(where: 'here' | 'everywhere') {
    // Locking takes this part of the page away, so it comes once there is nothing more to tell.
    const isOut = await leaving.start(() => (where === 'here' ? issuerApi.signOut() : issuerApi.signOutEverywhere()));
    if (!isOut) return;
    issuerVault().lock();
    router.push('/');
  }

  return (
    <>
      <PersistenceNotice what="your key and rosters" todo="Save a copy, and keep the file where it will not get lost." copy="#copy" />
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
          again after you have invited people. It opens with the passphrase that you have today.
        </p>
        <SaveCopy fileName="round-robin-issuer.json" makeFile={() => issuerVault().exportFile()} action="Save key and rosters" />
      </Section>
      <Section title="Passphrase" id="lock">
        <p>
          Key and rosters open only with your passphrase. They lock themselves in all tabs when nobody has been here for ten minutes, but
          never while a roll is made or published.
        </p>
        <PassphraseLock vault={issuerVault()} />
      </Section>
      <Section title="Leave" id="leave">
        <ButtonRow>
          <Button kind="secondary" busy={leaving.running} onClick={() => void signOut('here')}>
            Sign out
          </Button>
          <Button kind="secondary" onClick={() => void signOut('everywhere')}>
            Sign out in all browsers
          </Button>
          <ConfirmDialog
            trigger="Delete key and rosters here"
            title="Delete your key and rosters from this browser?"
            confirm="Delete them"
            onConfirm={() => void erasing.start(eraseIssuer)}
          >
            <p>
              Without a saved copy your groups end here: nobody can publish another roll for them. What is published stays published, and
              members keep what they have. What the disk still holds of them is encrypted with your passphrase.
            </p>
          </ConfirmDialog>
        </ButtonRow>
        {leaving.failure && (
          <Notice kind="error" live {...leaving.failure} title={`You are still signed in. ${leaving.failure.title}`} lost="" />
        )}
        {erasing.failure && <Notice kind="error" live {...erasing.failure} />}
      </Section>
    </>
  );
}
