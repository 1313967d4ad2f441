'use client';

import { useEffect, useState } from 'react';
import { Ring } from '#app/ring/ring.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { takeFocus } from '#app/ui/take-focus.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { countTogether, isTriggerMet, leastSignatures, totalOf } from '#lib/protocol/statement/trigger.ts';
import { describeMinimum } from '#lib/signing/minimum.ts';
import type { BoardSurvey } from '#lib/signing/read-board.ts';
import { ReceiptStatusText } from '../receipt/receipt-status.tsx';
import { useReceiptStatus } from '../receipt/use-receipt-status.ts';
import { KeepReceipt } from './keep-receipt.tsx';
import css from './sign.module.css';

interface SignedProps {
  id: string;
  context: StatementContext;
  statementKey: Keyed;
  body: Body;
  receipt: Receipt;
  /** The board as it was before. */
  survey: BoardSurvey;
}

/** After signing: one more seal takes a seat, and the receipt can be kept. */
export function SignedNotice({ id, context, statementKey, body, receipt, survey }: SignedProps) {
  const [placed, setPlaced] = useState(false);
  const finding = useReceiptStatus(context, statementKey, receipt);
  const { minimum } = body.entry.said.action === 'sign' ? body.entry.said : {};

  useEffect(() => {
    const timer = setTimeout(() => setPlaced(true), 700);
    return () => clearTimeout(timer);
  }, []);

  return (
    <Stack>
      <h2 ref={takeFocus} tabIndex={-1} className={css.heading}>
        Sealed
      </h2>
      <p>
        Your signature has been accepted, with your name under a seal. You can close this page; nothing more is needed from you.{' '}
        <span>
          {isMet(context, survey, body) &&
            'With yours the condition is met, unless some wait for more people: then the names appear as soon as the trustees have mixed and opened them.'}
        </span>{' '}
        <span>{minimum !== undefined && describeMinimum(minimum, context)}</span>
      </p>
      <div className={css.ring}>
        <Ring
          state="open"
          statement={id}
          title="The round robin with one more seal"
          needed={leastSignatures(context.statement.trigger, context.sizes)}
          live={totalOf(survey.counts) + (placed ? 1 : 0)}
          caption="Nothing shows which seal is yours. Only your receipt tells you that you have signed."
          pictureOnly
        />
      </div>
      <ReceiptStatusText finding={finding} action="sign" />
      <h3>Your receipt</h3>
      <p>
        It is the site’s signed promise to put your signature on the board, and the only thing with which you can find it there. Whoever
        finds it on your device can tell that you have signed. It holds no name. You can take your signature back without it.
      </p>
      <KeepReceipt id={id} body={body} receipt={receipt} />
    </Stack>
  );
}

/** Whether the signatures that were there and this one meet the condition, as far as no personal minimum of others stands against it. */
function isMet({ statement }: StatementContext, { counts }: BoardSurvey, { entry: { said } }: Body): boolean {
  const after = new Map(counts).set(said.group, (counts.get(said.group) ?? 0) + 1);
  const named = countTogether(after, statement.together);
  const isEnough = said.action === 'withdraw' || (said.minimum ?? 1) <= totalOf(named);
  return isEnough && isTriggerMet(statement.trigger, named);
}
