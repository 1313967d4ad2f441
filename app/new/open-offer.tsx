'use client';

import { FocusHere } from '#app/s/[id]/sign/focus-here.tsx';
import { RefusalNotice } from '#app/s/[id]/sign/refusal-notice.tsx';
import { Working } from '#app/s/[id]/sign/working.tsx';
import { ANONYMITY_COMFORT } from '#lib/protocol/member/roll.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { GroupRules } from '#lib/protocol/permit/group-policy.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { RollPlace } from '#lib/signing/find-membership.ts';
import { nextSlot } from '#lib/signing/permit-slots.ts';
import { identityOf } from '#lib/signing/wallet.ts';
import { Button } from '../ui/button.tsx';
import { CopyField } from '../ui/copy-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { Time } from '../ui/time.tsx';
import { OPENING_STAGES, useOpening } from './use-opening.ts';

interface OpenOfferProps {
  context: StatementContext;
  wallet: Wallet;
  place: RollPlace;
  /** Of the platform's time. */
  week: number;
  /** Of the opener's group, which allow it. */
  rules: GroupRules;
  onOpened: () => void;
  /** Looks anew at week, list of members and rules. */
  onAnew: () => void;
}

/** The moment of opening: what the proof shows, what it cannot hide, and the one button. */
export function OpenOffer({ context, wallet, place, week, rules, onOpened, onAnew }: OpenOfferProps) {
  const slot = nextSlot(wallet, place.group, week);
  const request = { context, place, identity: identityOf(wallet), week, slot };
  const { opening, open, sendAgain, cancel, canCancel } = useOpening(request, onOpened);
  if (opening.at === 'working')
    return <Working label="Opening the statement" stages={OPENING_STAGES} work={opening} onCancel={canCancel ? cancel : undefined} />;
  if (opening.at === 'waiting')
    return (
      <FocusHere>
        <Notice
          kind="info"
          live
          title="Your draft waits for the issuer of the group."
          todo={
            <>
              Keep this link. It works once the issuer has approved the draft, for which there is time until{' '}
              <Time at={context.statement.openBy} />.
            </>
          }
        >
          <CopyField label="Link to the statement" value={`${location.origin}/s/${context.id}#${context.id}`} />
        </Notice>
      </FocusHere>
    );
  if (opening.at === 'opened') return <p role="status">It is open. Its page is being loaded …</p>;
  const failed = opening.at === 'failed' ? opening : null;
  const permit = failed?.permit;
  const isOver = failed?.refusal.code === 'PERMIT_WEEK';
  return (
    <Stack>
      <Notice
        kind={place.header.size < ANONYMITY_COMFORT ? 'warning' : 'info'}
        title="You are the first on this text; style and time may name you."
        todo="Sign later, not in this visit: who opens a statement and signs it at once is easily guessed."
      >
        {place.header.size < ANONYMITY_COMFORT && (
          <p>{`The group has ${countOf(place.header.size, 'member', 'members')}. Each of them is a guess.`}</p>
        )}
      </Notice>
      {rules.opening === 'approved' && (
        <Notice
          kind="info"
          title="The issuer of this group reads your draft before anybody else, and approves it or not."
          todo="It does not learn who wrote it. If it refuses, the hash of the draft, its reason and the day are public; the text is not."
        />
      )}
      <ThreeFacts
        leaves="The statement exactly as shown here, and a proof that a member of this group opens it. No name."
        sees="Everybody sees the statement and the group; this site and the trustees see the proof, until a day after the week. The network sees that you visit this site."
        when="At once. A statement stays for good."
      />
      {failed && (
        <RefusalNotice
          refusal={failed.refusal}
          action={
            permit ? (
              <Button onClick={() => void sendAgain(permit)}>Send it again</Button>
            ) : isOver ? (
              <Button onClick={onAnew}>Prepare it anew</Button>
            ) : undefined
          }
        />
      )}
      {!permit && !isOver && (
        <div>
          <Button onClick={() => void open()}>Open this statement</Button>
        </div>
      )}
    </Stack>
  );
}
