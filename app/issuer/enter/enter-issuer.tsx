'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { Button, ButtonLink } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { useFragment } from '#app/ui/use-fragment.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { readSignInToken } from '#lib/signing/sign-in-link.ts';
import { describeIssuerFailure, type IssuerFailure } from '../issuer-failure.ts';

/**
 * Hands in the token of a one-time link at the press of a button, and goes on to the groups: mail scanners open links, and would
 * use it up. The token leaves the address bar first.
 */
export function EnterIssuer() {
  const router = useRouter();
  const token = useRef<string>(undefined);
  const [state, setState] = useState<'reading' | 'ready' | 'entering' | 'no-token' | 'cut' | 'used' | IssuerFailure>('reading');

  async function enter() {
    history.replaceState(history.state, '', location.pathname);
    setState('entering');
    try {
      await issuerApi.signIn(token.current ?? '');
    } catch (error) {
      // Somebody who follows a link again may well be signed in already, though perhaps to another account than that of the link.
      const isIn = ApiError.is(error, 'BAD_LINK') && (await isSignedIn());
      return setState(isIn ? 'used' : describeIssuerFailure(error));
    }
    router.replace('/issuer');
  }

  useFragment((fragment) => {
    const linked = readSignInToken(fragment);
    token.current = linked.kind === 'token' ? linked.token : undefined;
    setState(linked.kind === 'token' ? 'ready' : linked.kind === 'cut' ? 'cut' : 'no-token');
  });

  if (state === 'reading') return <p role="status">Reading the link. This page needs JavaScript, because the server must not read it.</p>;
  if (state === 'ready')
    return (
      <Stack>
        <p>
          This link signs one person in, once. Programs that look at mail open links too, so it is used up only when you press the button.
        </p>
        <div>
          <Button onClick={() => void enter()}>Sign in</Button>
        </div>
        <p>The session ends when you sign out, an hour after you last used it, and after twelve hours at most.</p>
      </Stack>
    );
  if (state === 'entering') return <p role="status">One moment …</p>;
  if (state === 'no-token')
    return (
      <Notice
        kind="info"
        live
        title="There is no sign-in link in this address."
        todo="Open the whole link, as it was mailed to you or printed when this site was started. Each one works once."
        action={
          <ButtonLink prefetch={false} href="/issuer/sign-in">
            Ask for another
          </ButtonLink>
        }
      />
    );
  if (state === 'used')
    return (
      <Notice
        kind="info"
        live
        title="This link works no longer, but somebody is signed in here already."
        todo="If it was you, go on. An account that you meant to change to needs a link of its own: sign out first, then ask for another."
        action={
          <ButtonLink prefetch={false} href="/issuer">
            Go on as whoever is signed in
          </ButtonLink>
        }
      />
    );
  if (state === 'cut')
    return (
      <Notice
        kind="error"
        live
        title="This sign-in link is incomplete."
        lost="Its end was cut off or changed on its way. It has not been used up."
        todo="Copy the whole link, as it was printed when this site was started, into the address bar."
      />
    );
  return (
    <Notice
      kind="error"
      live
      title={state.title}
      lost={state.lost}
      todo={state.todo}
      code={state.code}
      action={
        state.code === 'BAD_LINK' ? (
          <ButtonLink prefetch={false} href="/issuer/sign-in">
            Ask for another
          </ButtonLink>
        ) : (
          <Button kind="secondary" onClick={() => void enter()}>
            Try again
          </Button>
        )
      }
    />
  );
}

async function isSignedIn(): Promise<boolean> {
  return issuerApi.getSession().then(
    () => true,
    () => false,
  );
}
