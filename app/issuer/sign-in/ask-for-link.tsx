'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#app/ui/button.tsx';
import { FormStack, TextInput } from '#app/ui/field.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { ApiError } from '#lib/api/api-error.ts';
import { issuerApi } from '#lib/browser/issue-rolls.ts';
import { describeIssuerFailure } from '../issuer-failure.ts';

/** The form that has a sign-in link mailed. What it says afterwards is the same whether the address has an account or not. */
export function AskForLink() {
  const [address, setAddress] = useState('');
  const [state, setState] = useState<'asking' | 'busy' | 'asked'>('asking');
  const [error, setError] = useState<string>();

  async function ask(event: FormEvent) {
    event.preventDefault();
    setError(undefined);
    setState('busy');
    try {
      await issuerApi.mailLink(address);
      setState('asked');
    } catch (failure) {
      const words = describeIssuerFailure(failure);
      setError(ApiError.is(failure, 'BAD_MAIL_ADDRESS') ? words.title : `${words.title} ${words.todo}`);
      setState('asking');
    }
  }

  if (state === 'asked')
    return (
      <Notice
        kind="info"
        live
        title="If this address may sign in here, a link is on its way to it."
        todo="It works once, for 15 minutes. At most five mails an hour go to one address; if none comes, look among the unwanted mail, then ask whoever runs this site."
        action={
          <Button kind="secondary" onClick={() => setState('asking')}>
            Ask again
          </Button>
        }
      />
    );
  return (
    <FormStack onSubmit={(event) => void ask(event)}>
      <TextInput
        label="Your e-mail address"
        type="email"
        autoComplete="email"
        required
        maxLength={320}
        value={address}
        error={error}
        onChange={(event) => setAddress(event.target.value)}
      />
      <ThreeFacts
        leaves="Your address, once. This site keeps only a keyed hash of it, by which it finds your account again."
        sees="This site while it sends the mail, and the mail servers on the way."
        when="When you press the button."
      />
      <div>
        <Button type="submit" busy={state === 'busy'}>
          Send me a link
        </Button>
      </div>
    </FormStack>
  );
}
