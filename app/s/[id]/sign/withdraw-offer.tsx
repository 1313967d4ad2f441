'use client';

import { Button, ButtonLink, ButtonRow } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { takeFocus } from '#app/ui/take-focus.ts';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { Identity } from '#lib/protocol/member/credential.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { RollPlace } from '#lib/signing/find-membership.ts';
import type { BoardSurvey } from '#lib/signing/read-board.ts';
import { ReceiptStatusText } from '../receipt/receipt-status.tsx';
import { useReceiptStatus } from '../receipt/use-receipt-status.ts';
import { KeepReceipt } from './keep-receipt.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import css from './sign.module.css';
import { STAGES, useSigning } from './use-signing.ts';
import { WhenItCounts } from './when-it-counts.tsx';
import { Working } from './working.tsx';

interface WithdrawOfferProps {
  id: string;
  context: StatementContext;
  statementKey: Keyed;
  identity: Identity;
  place: RollPlace;
  survey: BoardSurvey;
}

/** Taking a signature back. It needs the wallet alone: no receipt, and not the device on which it was made. */
export function WithdrawOffer({ id, context, statementKey, identity, place, survey }: WithdrawOfferProps) {
  const material = { context, key: statementKey, place, identity, action: 'withdraw' as const };
  const { signing, sign, sendAgain, cancel, canCancel } = useSigning(material);

  if (signing.at === 'signed')
    return <Withdrawn id={id} context={context} statementKey={statementKey} body={signing.body} receipt={signing.receipt} />;
  if (signing.at === 'working')
    return <Working label="Taking your signature back" stages={STAGES} work={signing} onCancel={canCancel ? cancel : undefined} />;

  const failed = signing.at === 'failed' ? signing : null;
  return (
    <Stack>
      <Notice kind="warning" title="It cannot be undone: you will not be able to sign this statement again." />
      <WhenItCounts statement={context.statement} covering={survey.covering} />
      <ThreeFacts
        leaves="A sealed withdrawal, and a proof that it comes from whoever signed."
        sees="The site and the trustees get it sealed. The public sees a salted hash and the count falling by one, so it can tell roughly when."
        when="Now, once. If it is in time, your name stays sealed, and the key to it is destroyed in the end."
      />
      {failed && (
        <RefusalNotice
          refusal={failed.refusal}
          action={failed.body && <Button onClick={() => failed.body && void sendAgain(failed.body)}>Send it again</Button>}
        />
      )}
      {(!failed || (failed.refusal.canRetry && !failed.body)) && (
        <ButtonRow>
          <Button onClick={() => void sign()}>Take my signature back</Button>
          <ButtonLink kind="secondary" href={`/s/${id}`}>
            Let it stand
          </ButtonLink>
        </ButtonRow>
      )}
    </Stack>
  );
}

interface WithdrawnProps {
  id: string;
  context: StatementContext;
  statementKey: Keyed;
  body: Body;
  receipt: Receipt;
}

function Withdrawn({ id, context, statementKey, body, receipt }: WithdrawnProps) {
  const finding = useReceiptStatus(context, statementKey, receipt);
  return (
    <Stack>
      <h2 ref={takeFocus} tabIndex={-1} className={css.heading}>
        Accepted
      </h2>
      <p>Your withdrawal has been accepted. Your signature counts no more once it is on the board, if it is in time there.</p>
      <ReceiptStatusText finding={finding} action="withdraw" />
      <h3>The receipt</h3>
      <p>
        It is the site’s signed promise to put your withdrawal on the board in time. Should the site open your name all the same, it is your
        evidence. Whoever finds it on your device can tell that you had signed.
      </p>
      <KeepReceipt id={id} body={body} receipt={receipt} />
    </Stack>
  );
}
