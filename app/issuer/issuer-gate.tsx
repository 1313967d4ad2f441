'use client';

import Link from 'next/link';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '#lib/api/api-error.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import type { Issuer } from '#lib/issuing/issuer-file.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section, Stack } from '../ui/page-parts.tsx';
import { UnlockForm } from '../vault/unlock-form.tsx';
import { UnreadableVault } from '../vault/unreadable-vault.tsx';
import { useVault } from '../vault/use-vault.ts';
import { VaultUnavailable } from '../vault/vault-unavailable.tsx';
import { describeIssuerFailure, type IssuerFailure } from './issuer-failure.ts';
import { KeySetup } from './key-setup.tsx';

/** Lets through who is signed in and has opened the keystore of this browser; otherwise says what is missing. */
export function IssuerGate({ children }: { children: (issuer: Issuer) => ReactNode }) {
  const { session, ask } = useSession();
  const view = useVault(issuerVault);

  if (session === 'asking' || view.at === 'loading') return <p role="status">One moment …</p>;
  if (session === 'out') return <SignedOut />;
  if (session !== 'in')
    return (
      <Notice
        kind="error"
        live
        title={session.title}
        lost={session.lost}
        todo={session.todo}
        code={session.code}
        action={
          <Button kind="secondary" onClick={ask}>
            Try again
          </Button>
        }
      />
    );
  if (view.at === 'unavailable')
    return <VaultUnavailable message={view.message} todo={view.todo} madeWhere="in the browser in which you made the key." />;
  if (view.at === 'unreadable')
    return <UnreadableVault vault={issuerVault()} stored={view.stored} fileName="round-robin-issuer-unread.json" />;
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

function useSession() {
  const [session, setSession] = useState<'asking' | 'in' | 'out' | IssuerFailure>('asking');
  const [asked, setAsked] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks again
  useEffect(() => {
    let current = true;
    const settle = (next: 'in' | 'out' | IssuerFailure) => current && setSession(next);
    issuerApi.getSession().then(
      () => settle('in'),
      (error: unknown) => settle(ApiError.is(error, 'NOT_SIGNED_IN') ? 'out' : describeIssuerFailure(error)),
    );
    return () => {
      current = false;
    };
  }, [asked]);

  return { session, ask: () => setAsked((count) => count + 1) };
}
