'use client';

import { type FormEvent, useState } from 'react';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Invitation } from '#lib/protocol/member/enrolment.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { Button, ButtonLink, ButtonRow } from '../ui/button.tsx';
import { FormStack } from '../ui/field.tsx';
import { IssuerContact } from '../ui/issuer-contact.tsx';
import { Notice } from '../ui/notice.tsx';
import { NewPassphraseFields, NO_PASSPHRASE, passphraseFault } from '../vault/new-passphrase.tsx';
import { PersistenceNotice } from '../vault/persistence-notice.tsx';
import { useTyped } from '../vault/use-typed.ts';
import { describeJoinFailure, type JoinFailure } from './join-failure.ts';
import { joinGroup } from './join-group.ts';

interface JoinActionProps {
  invitation: Invitation;
  /** This browser holds the membership already. */
  isKnown: boolean;
  /** It holds none at all. */
  isEmpty: boolean;
  /** It has no wallet yet: joining makes one, under a passphrase that is chosen here. */
  isNew: boolean;
  onJoined: () => void;
}

/** The button that joins, and what becomes of it. The invitation leaves the address bar once it has done its work. */
export function JoinAction({ invitation, isKnown, isEmpty, isNew, onJoined }: JoinActionProps) {
  // Joining makes the membership known at once; the page keeps saying what it said when it was opened.
  const [wasKnown] = useState(isKnown);
  const [wasEmpty] = useState(isEmpty);
  const [joining, setJoining] = useState(false);
  const [failure, setFailure] = useState<JoinFailure | null>(null);
  const [passphrase, setPassphrase] = useTyped(walletVault(), NO_PASSPHRASE);
  const [fault, setFault] = useState<string | null>(null);

  async function join(event: FormEvent) {
    event.preventDefault();
    const wrong = isNew ? passphraseFault(passphrase) : null;
    setFault(wrong);
    if (wrong || joining) return;
    setJoining(true);
    setFailure(null);
    try {
      await joinGroup(invitation, { origin: location.origin, passphrase: isNew ? passphrase.first : null });
      forgetAddress();
      onJoined();
    } catch (error) {
      const described = describeJoinFailure(error, { isEmpty: wasEmpty, isKnown });
      if (described.code === 'ALREADY_ENROLLED') forgetAddress();
      setFailure(described);
      setJoining(false);
    }
  }

  if (failure && !failure.canRetry && !wasKnown)
    return (
      <Notice
        kind="error"
        live
        {...noticeOf(failure)}
        action={
          failure.code === 'ALREADY_ENROLLED' && (
            <ButtonLink prefetch={false} kind="secondary" href={isKnown ? '/wallet' : '/wallet#restore'}>
              {isKnown ? 'My memberships' : 'Bring a membership back'}
            </ButtonLink>
          )
        }
      >
        <IssuerContact group={groupId(invitation.group)} />
      </Notice>
    );
  return (
    <FormStack onSubmit={(event) => void join(event)}>
      {failure && (
        <Notice kind="error" live {...noticeOf(failure)}>
          <IssuerContact group={groupId(invitation.group)} />
        </Notice>
      )}
      {wasKnown && !failure && (
        <Notice
          kind="info"
          title="You have joined with this browser before."
          todo="There is nothing more to do, unless your reply did not reach the issuer, or the issuer asks you to join anew."
        />
      )}
      {isNew && (
        <>
          <PersistenceNotice what="your membership" todo="After joining you write down 24 words, which bring it back." />
          <NewPassphraseFields
            label="Passphrase for this browser"
            hint="It locks what is kept here, and you are asked for it when you sign."
            value={passphrase}
            error={fault}
            onChange={setPassphrase}
          />
        </>
      )}
      <ButtonRow>
        {wasKnown && (
          <ButtonLink prefetch={false} href="/wallet">
            My memberships
          </ButtonLink>
        )}
        <Button type="submit" kind={wasKnown ? 'secondary' : 'primary'} busy={joining}>
          {joining ? 'Joining …' : wasKnown ? 'Send my reply again' : failure ? 'Try again' : 'Join the group'}
        </Button>
      </ButtonRow>
      <span role="status" hidden={!joining}>
        {joining ? 'Making your membership and sending the sealed reply.' : ''}
      </span>
    </FormStack>
  );
}

function noticeOf({ title, lost, todo, code }: JoinFailure) {
  return { title, lost, todo, code };
}

/** Takes the invitation's secret out of the address bar and the browser's history. */
function forgetAddress(): void {
  history.replaceState(history.state, '', location.pathname);
}
