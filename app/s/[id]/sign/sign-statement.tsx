'use client';

import Link from 'next/link';
import { Button, ButtonLink } from '#app/ui/button.tsx';
import { ClockNotice } from '#app/ui/clock-notice.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section, Stack } from '#app/ui/page-parts.tsx';
import { ProgressBar } from '#app/ui/progress.tsx';
import { Time } from '#app/ui/time.tsx';
import { UnlockForm } from '#app/vault/unlock-form.tsx';
import { UnreadableVault } from '#app/vault/unreadable-vault.tsx';
import { useVault } from '#app/vault/use-vault.ts';
import { VaultUnavailable } from '#app/vault/vault-unavailable.tsx';
import { ownTime } from '#lib/browser/platform-clock.ts';
import { walletVault } from '#lib/browser/vaults.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { type LoadedStatement, signingState } from '#lib/signing/load-statement.ts';
import { CheckedText } from './checked-text.tsx';
import { ChooseMembership } from './choose-membership.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import { useLoadedStatement } from './use-loaded-statement.ts';

/** Signing, or taking a signature back, from the checks to the receipt. Everything that it shows was checked on this device first. */
export function SignStatement({ id, action }: { id: string; action: Said['action'] }) {
  const load = useLoadedStatement(id);
  switch (load.at) {
    case 'checking':
      return <ProgressBar label="Fetching the statement and checking it on this device" />;
    case 'refused':
      return <RefusalNotice refusal={load.refusal} />;
    case 'unreachable':
      return (
        <Notice
          kind="error"
          live
          title={load.message}
          lost="Nothing was sent."
          action={
            <Button kind="secondary" onClick={load.retry}>
              Try again
            </Button>
          }
        />
      );
    case 'loaded':
      return (
        <Stack gap="wide">
          <CheckedText loaded={load.loaded} />
          <ClockNotice ahead={load.ahead} />
          <SigningPart id={id} action={action} loaded={load.loaded} ahead={load.ahead} />
        </Stack>
      );
  }
}

// The platform's clock decides what is in time: one that is set wrong here must not keep anybody from signing.
function SigningPart({ id, action, loaded, ahead }: { id: string; action: Said['action']; loaded: LoadedStatement; ahead: number }) {
  const state = signingState(loaded, ownTime() - ahead);
  const back = (
    <ButtonLink kind="secondary" href={`/s/${id}`}>
      Back to the statement
    </ButtonLink>
  );
  if (state === 'keying')
    return (
      <Notice kind="info" live title="The trustees are still making the key." todo="This page goes on by itself as soon as they have." />
    );
  if (state === 'aborted')
    return (
      <Notice kind="warning" title="Nobody can sign this statement." action={back}>
        <p>The trustees did not make a key for it. The author can open it again as a new statement.</p>
      </Notice>
    );
  if (state === 'closed')
    return (
      <Notice kind="info" title="The deadline has passed." action={back}>
        <p>
          Signing, and taking signatures back, ended on <Time at={loaded.context.statement.deadline} />.
        </p>
      </Notice>
    );
  return <WithWallet id={id} action={action} loaded={loaded} statementKey={loaded.key as Keyed} />;
}

interface WithWalletProps {
  id: string;
  action: Said['action'];
  loaded: LoadedStatement;
  statementKey: Keyed;
}

function WithWallet({ id, action, loaded, statementKey }: WithWalletProps) {
  const view = useVault(walletVault);
  switch (view.at) {
    case 'loading':
      return <ProgressBar label="Looking for your memberships in this browser" />;
    case 'unavailable':
      return <VaultUnavailable message={view.message} todo={view.todo} madeWhere="or in the browser in which you joined." />;
    case 'unreadable':
      return <UnreadableVault vault={walletVault()} stored={view.stored} fileName="round-robin-memberships-unread.json" />;
    case 'locked':
      return (
        <Section title="Unlock your memberships">
          <UnlockForm label="Passphrase of your memberships" onUnlock={async (passphrase) => (await walletVault().unlock(passphrase)).ok} />
        </Section>
      );
    case 'open':
      if (view.value && view.value.memberships.length > 0)
        return <ChooseMembership id={id} action={action} loaded={loaded} statementKey={statementKey} wallet={view.value} />;
      return (
        <Notice
          kind="info"
          title="This browser keeps no membership."
          todo="A membership comes with an invitation from the issuer of a group. Open its link in this browser, then come back."
        >
          <p>
            If there was one, this browser has deleted it: some do so after seven days without a visit, or when the device is short of room.
            Did you save a copy, or join in another browser? <Link href="/wallet#restore">Bring your memberships from a file</Link>
          </p>
        </Notice>
      );
  }
}
