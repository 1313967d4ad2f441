'use client';

import { type FormEvent, useState } from 'react';
import type { Invitation } from '#lib/protocol/member/enrolment.ts';
import { readInvitation } from '#lib/signing/invitation-link.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';

/** Takes an invitation that is pasted in place of being opened: then the browser does not remember its address, which holds the name. */
export function PasteInvitation({ onRead }: { onRead: (invitation: Invitation) => void }) {
  const [text, setText] = useState('');
  const [isBad, setBad] = useState(false);

  function read(event: FormEvent) {
    event.preventDefault();
    const addressed = readInvitation(text.slice(text.indexOf('#') + 1));
    setBad(addressed.kind !== 'invitation');
    if (addressed.kind === 'invitation') onRead(addressed.invitation);
  }

  return (
    <FormStack onSubmit={read} autoComplete="off">
      <TextInput
        label="Your invitation"
        hint="Paste the whole link. It is read here and sent nowhere, and your browser’s history does not keep it."
        autoComplete="off"
        spellCheck={false}
        required
        value={text}
        error={isBad ? 'This is not a whole invitation: copy the link from https to its last letter.' : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      <div>
        <Button type="submit" kind="secondary">
          Read it
        </Button>
      </div>
    </FormStack>
  );
}
