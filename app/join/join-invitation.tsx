'use client';

import { useState } from 'react';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Invitation } from '#lib/protocol/member/enrolment.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { judgeInvitingKey } from '#lib/signing/ended-keys.ts';
import { type AddressedInvitation, readInvitation } from '#lib/signing/invitation-link.ts';
import { findShown } from '#lib/signing/repair-address.ts';
import { ShownInvitation } from '../meant-address.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHead, Stack } from '../ui/page-parts.tsx';
import { useEndedKeys } from '../ui/use-ended-keys.ts';
import { useFragment } from '../ui/use-fragment.ts';
import { EmptiedVault } from '../vault/emptied-vault.tsx';
import { UnlockWallet } from '../vault/unlock-wallet.tsx';
import { UnreadableWallet } from '../vault/unreadable-wallet.tsx';
import { useVault, type VaultView } from '../vault/use-vault.ts';
import { InvitationOffer } from './invitation-offer.tsx';
import { InvitingKeyNotice } from './inviting-key.tsx';
import { JoinAction } from './join-action.tsx';
import { isKnownMembership } from './join-group.ts';
import { Joined } from './joined.tsx';
import { KeptWords } from './kept-words.tsx';
import { PasteInvitation } from './paste-invitation.tsx';

/** The whole way from an invitation link to a membership. The invitation is read here and never sent to the server. */
export function JoinInvitation() {
  const [addressed, setAddressed] = useState<AddressedInvitation | null>(null);
  const [joined, setJoined] = useState<Invitation | null>(null);
  const [isShown, setShown] = useState(false);

  useFragment((fragment) => {
    setJoined(null);
    setAddressed(readInvitation(fragment));
    setShown(findShown(`${location.pathname}${location.search}`) !== null);
  });

  function finish(invitation: Invitation) {
    setJoined(invitation);
    window.scrollTo(0, 0);
    document.getElementById('content')?.focus({ preventScroll: true });
  }

  if (isShown) return <ShownInvitation />;
  if (joined) return <Joined invitation={joined} />;
  if (addressed?.kind === 'invitation')
    return (
      <OfferedInvitation
        key={addressed.invitation.secret}
        invitation={addressed.invitation}
        onJoined={() => finish(addressed.invitation)}
      />
    );
  return (
    <>
      <PageHead title="Your invitation" />
      <Stack>
        {addressed === null && (
          <p role="status">Reading the invitation. This page needs JavaScript, because the server must not read it.</p>
        )}
        {addressed?.kind === 'none' && (
          <Notice
            kind="info"
            live
            title="There is no invitation in this address."
            todo="Open the link from the message you received, all of it: the invitation is the long part after the # sign. If you have joined already, your membership is kept in the browser in which you did."
            action={
              <ButtonLink prefetch={false} kind="secondary" href="/wallet">
                My memberships
              </ButtonLink>
            }
          />
        )}
        {addressed?.kind === 'broken' && (
          <Notice
            kind="error"
            live
            title="This link is cut off or was changed on its way."
            lost="Nothing was lost: the invitation itself is still good."
            todo="Some programs cut long links in two. Copy the whole link from the message, from https to the last letter, and paste it into the address bar. If that does not help, ask whoever invited you to send it again."
            code="BAD_INVITATION"
          />
        )}
        {(addressed?.kind === 'none' || addressed?.kind === 'broken') && (
          <PasteInvitation onRead={(invitation) => setAddressed({ kind: 'invitation', invitation })} />
        )}
      </Stack>
    </>
  );
}

function OfferedInvitation({ invitation, onJoined }: { invitation: Invitation; onJoined: () => void }) {
  const view = useVault(walletVault);
  const wallet = view.at === 'open' ? view.value : null;
  return (
    <InvitationOffer invitation={invitation} kept={keptWords(view)}>
      {view.at === 'unavailable' && (
        <Notice
          kind="error"
          title="This browser cannot keep a membership."
          lost={view.message}
          todo={view.todo ?? 'Open the same link in an ordinary window, or in another browser. The invitation is still good.'}
        />
      )}
      {view.at === 'unreadable' && <UnreadableWallet stored={view.stored} />}
      {view.at === 'emptied' && <EmptiedVault vault={walletVault()} what="your memberships" />}
      {view.at === 'locked' && <UnlockWallet />}
      {view.at === 'open' && <OpenInvitation invitation={invitation} wallet={wallet} onJoined={onJoined} />}
    </InvitationOffer>
  );
}

/** The button, once it is known how the invitation's key stands to those that the wallet knows. */
function OpenInvitation({ invitation, wallet, onJoined }: { invitation: Invitation; wallet: Wallet | null; onJoined: () => void }) {
  const ended = useEndedKeys();
  // Joining adds to the wallet; what was said of the key stays as it was when the invitation was opened.
  const [before] = useState(wallet);
  if (ended === 'asking') return <p role="status">Asking whether the key of this invitation is still good …</p>;
  const judged = judgeInvitingKey(before, invitation.group, ended === 'failed' ? [] : ended);
  return (
    <>
      {judged && <InvitingKeyNotice judged={judged} />}
      {judged?.kind !== 'ended' && (
        <JoinAction
          invitation={invitation}
          isKnown={isKnownMembership(wallet, invitation)}
          isEmpty={!wallet || wallet.memberships.length === 0}
          isNew={wallet === null}
          onJoined={onJoined}
        />
      )}
    </>
  );
}

function keptWords(view: VaultView<Wallet>) {
  if (view.at === 'open') return <KeptWords wallet={view.value} />;
  return view.at === 'locked' && <p>It already keeps your secret, locked with your passphrase. The same secret is used for every group.</p>;
}
