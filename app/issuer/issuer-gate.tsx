'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { ApiError } from '#lib/api/api-error.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import type { Issuer } from '#lib/issuing/issuer-file.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { useReading } from '../ui/use-reading.ts';
import { EmptiedVault } from '../vault/emptied-vault.tsx';
import { UnlockForm } from '../vault/unlock-form.tsx';
import { UnreadableVault } from '../vault/unreadable-vault.tsx';
import { useVault } from '../vault/use-vault.ts';
import { VaultUnavailable } from '../vault/vault-unavailable.tsx';
import { describeIssuerFailure } from './issuer-failure.ts';
import { KeySetup } from './key-setup.tsx';

/** Lets through who is signed in and has opened the keystore of this browser; otherwise says what is missing. */
export function IssuerGate({ children }: { children: (issuer: Issuer) => ReactNode }) {
  const session = useReading(isSignedIn, []);
  const view = useVault(issuerVault);

  if (session.isReading || view.at === 'loading') return <p role="status">One moment …</p>;
  if (session.value === false) return <SignedOut />;
  if (session.error !== undefined)
    return (
      <Notice
        kind="error"
        live
        {...describeIssuerFailure(session.error)}
        action={
          <Button kind="secondary" onClick={session.again}>
            Try again
          </Button>
        }
      />
    );
  if (view.at === 'unavailable')
    return <VaultUnavailable message={view.message} todo={view.todo} madeWhere="in the browser in which you made the key." />;
  if (view.at === 'unreadable')
    return <UnreadableVault vault={issuerVault()} stored={view.stored} fileName="round-robin-issuer-unread.json" />;
  if (view.at === 'emptied') return <EmptiedVault vault={issuerVault()} what="your key and rosters" />;
  if (view.at === 'locked') return <UnlockForm vault={issuerVault()} label="Passphrase of your keystore in this browser" />;
  return view.value ? children(view.value) : <KeySetup />;
}

function SignedOut() {
  return (
    <Stack gap="wide">
      <Notice
        kind="info"
        title="You are not signed in as an issuer."
        action={
          <ButtonLink prefetch={false} href="/issuer/sign-in">
            Sign in
          </ButtonLink>
        }
      />
      <Section title="What an issuer does">
        <p>
          An association, a union, a newsroom, a parliament’s staff council: somebody who knows who people are. You invite them, publish how
          many they are, and vouch for the names. You never learn who signs what until it is revealed.
        </p>
        <p>
          <Link prefetch={false} href="/groups">
            All groups on this site
          </Link>
        </p>
      </Section>
    </Stack>
  );
}

async function isSignedIn(signal: AbortSignal): Promise<boolean> {
  try {
    await issuerApi.getSession({ signal });
    return true;
  } catch (error) {
    if (ApiError.is(error, 'NOT_SIGNED_IN')) return false;
    throw error;
  }
}
