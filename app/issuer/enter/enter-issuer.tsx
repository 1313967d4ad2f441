'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { ApiError } from '#lib/api/api-error.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { describeIssuerFailure, type IssuerFailure } from '../issuer-failure.ts';

/** Hands in the token of a one-time link, once, and goes on to the groups. The token leaves the address bar first. */
export function EnterIssuer() {
  const router = useRouter();
  const token = useRef<string>(undefined);
  const [state, setState] = useState<'entering' | 'no-token' | IssuerFailure>('entering');

  const enter = useCallback(
    async (given: string) => {
      setState('entering');
      try {
        await issuerApi.signIn(given);
      } catch (error) {
        // The link works once: somebody who follows it again may well be signed in already.
        const isIn = ApiError.is(error, 'BAD_LINK') && (await isSignedIn());
        if (!isIn) return setState(describeIssuerFailure(error));
      }
      router.replace('/issuer');
    },
    [router],
  );

  useEffect(() => {
    if (token.current !== undefined) return; // effects run twice in development, and the link works only once
    token.current = location.hash.slice(1);
    history.replaceState(history.state, '', location.pathname);
    if (token.current === '') setState('no-token');
    else void enter(token.current);
  }, [enter]);

  if (state === 'entering') return <p role="status">One moment …</p>;
  if (state === 'no-token')
    return (
      <Notice
        kind="info"
        live
        title="There is no sign-in link in this address."
        todo="Open the whole link that was printed when this site was started. Each one works once; starting the site again prints another."
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
        state.code !== 'BAD_LINK' && (
          <Button kind="secondary" onClick={() => void enter(token.current ?? '')}>
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
