'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { showPasskey } from '../ask-authenticator.ts';
import { describeIssuerFailure, type IssuerFailure } from '../issuer-failure.ts';

/** Signs in with a passkey that this device, or one beside it, keeps. */
export function EnterByPasskey() {
  const router = useRouter();
  const [state, setState] = useState<'ready' | 'busy' | 'none' | IssuerFailure>('ready');

  async function enter() {
    setState('busy');
    try {
      const answer = await showPasskey(await issuerApi.askForEntry());
      if (answer === null) return setState('none');
      await issuerApi.enterByPasskey(answer);
      router.push('/issuer');
    } catch (error) {
      setState(describeIssuerFailure(error));
    }
  }

  return (
    <>
      {state === 'none' && (
        <Notice
          kind="info"
          live
          title="No passkey was shown."
          todo="Try again, or sign in by e-mail and add one on the page of your groups."
        />
      )}
      {typeof state === 'object' && <Notice kind="error" live title={state.title} todo={state.todo} code={state.code} />}
      <div>
        <Button kind="secondary" busy={state === 'busy'} onClick={() => void enter()}>
          Sign in with a passkey
        </Button>
      </div>
    </>
  );
}
