'use client';

import { useState } from 'react';
import { ButtonLink } from '#app/ui/button.tsx';
import { ClockNotice } from '#app/ui/clock-notice.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { Time } from '#app/ui/time.tsx';
import { OpenWallet } from '#app/vault/open-wallet.tsx';
import { ownTime } from '#lib/browser/platform-clock.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import type { Said } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import { type LoadedStatement, signingState } from '#lib/signing/load-statement.ts';
import { drawMoment, listDelays } from '#lib/signing/send-later.ts';
import { CheckedText } from './checked-text.tsx';
import { ChooseMembership } from './choose-membership.tsx';
import { FromWords } from './from-words.tsx';
import { type Held, HeldSignature, type Later } from './held-signature.tsx';
import { LoadNotice } from './load-notice.tsx';
import { useLoadedStatement } from './use-loaded-statement.ts';

/** Signing, or taking a signature back, from the checks to the receipt. Everything that it shows was checked on this device first. */
export function SignStatement({ id, action, isHidden = false }: { id: string; action: Said['action']; isHidden?: boolean }) {
  const load = useLoadedStatement(id);
  if (load.at !== 'loaded') return <LoadNotice load={load} what="the statement" />;
  return (
    <Stack gap="wide">
      {isHidden ? (
        <p>This site does not show what it says; your browser has checked it all the same.</p>
      ) : (
        <CheckedText loaded={load.loaded} />
      )}
      <ClockNotice ahead={load.ahead} />
      <SigningPart id={id} action={action} loaded={load.loaded} ahead={load.ahead} />
    </Stack>
  );
}

// The platform's clock decides what is in time: one that is set wrong here must not keep anybody from signing.
function SigningPart({ id, action, loaded, ahead }: { id: string; action: Said['action']; loaded: LoadedStatement; ahead: number }) {
  const [held, setHeld] = useState<Held | null>(null);
  const { context } = loaded;
  const key = loaded.key as Keyed;
  if (held) {
    const own = { id, context, statementKey: key, held, ahead };
    return <HeldSignature {...own} onDiscard={() => setHeld(null)} />;
  }
  const now = ownTime() - ahead;
  const state = signingState(loaded, now);
  const later: Later = {
    delays: listDelays(now, context.statement.deadline),
    hold: (body, survey, longest) =>
      setHeld({ body, survey, at: drawMoment(ownTime(), longest, context.statement.deadline + ahead, secureRandom) }),
  };
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
  return (
    <OpenWallet empty={action === 'withdraw' ? (wallet) => <FromWords loaded={loaded} wallet={wallet} /> : undefined}>
      {(wallet) => <ChooseMembership id={id} action={action} loaded={loaded} statementKey={key} wallet={wallet} later={later} />}
    </OpenWallet>
  );
}
