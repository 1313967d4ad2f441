'use client';

import { type FormEvent, useState } from 'react';
import type { Invitation } from '#lib/protocol/member/enrolment.ts';
import { readCopiedInvitation } from '#lib/signing/invitation-link.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';

/** Takes an invitation that is pasted in place of being opened: then the browser does not remember its address, which holds the name. */
export function PasteInvitation({ onRead }: { onRead: (invitation: Invitation) => void }) {
  const [isBad, setBad] = useState(false);

  function read(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // What stands in the field, also if it was pasted before this page had started. Without a name it is never sent.
    const text = event.currentTarget.querySelector('input')?.value ?? '';
    const addressed = readCopiedInvitation(text);
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
        error={isBad ? 'This is not a whole invitation: copy the link from https to its last letter.' : undefined}
      />
      <div>
        <Button type="submit" kind="secondary">
          Read it
        </Button>
      </div>
    </FormStack>
  );
}
