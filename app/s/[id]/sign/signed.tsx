'use client';

import { useEffect, useRef, useState } from 'react';
import { Ring } from '#app/ring/ring.tsx';
import { Button, ButtonLink, ButtonRow } from '#app/ui/button.tsx';
import { Checkbox } from '#app/ui/field.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { forgetReceipt, keepReceipt } from '#lib/browser/kept-receipts.ts';
import { saveFile } from '#lib/browser/save-file.ts';
import type { Receipt } from '#lib/protocol/board/board.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { isTriggerMet, leastSignatures } from '#lib/protocol/statement/trigger.ts';
import type { BoardSurvey } from '#lib/signing/read-board.ts';
import { formatFile, type ReceiptFile } from '#lib/signing/signature-files.ts';
import { ReceiptStatusText } from '../receipt/receipt-status.tsx';
import { useReceiptStatus } from '../receipt/use-receipt-status.ts';
import css from './sign.module.css';

interface SignedProps {
  id: string;
  context: StatementContext;
  statementKey: Keyed;
  entry: Entry;
  receipt: Receipt;
  /** The board as it was before. */
  survey: BoardSurvey;
}

/** After signing: the seal takes its place, and the receipt can be kept. */
export function Signed({ id, context, statementKey, entry, receipt, survey }: SignedProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [placed, setPlaced] = useState(false);
  const [kept, setKept] = useState(false);
  const [unkept, setUnkept] = useState(false);
  const finding = useReceiptStatus(context, statementKey, receipt);
  const file: ReceiptFile = { type: 'round-robin-receipt', version: 1, platform: location.origin, entry, receipt };

  useEffect(() => {
    heading.current?.focus();
    const timer = setTimeout(() => setPlaced(true), 700);
    return () => clearTimeout(timer);
  }, []);

  async function keep(on: boolean) {
    setKept(on);
    setUnkept(false);
    try {
      await (on ? keepReceipt(file) : forgetReceipt(receipt.entry));
    } catch {
      setKept(!on);
      setUnkept(true);
    }
  }

  const mine = { nullifier: entry.nullifier };
  const before = survey.live.map((nullifier) => ({ nullifier }));
  return (
    <Stack>
      <h2 ref={heading} tabIndex={-1} className={css.heading}>
        Sealed
      </h2>
      <p>
        Your signature has been accepted, with your name under a seal. You can close this page; nothing more is needed from you.{' '}
        <span>
          {isMet(context, survey, entry) && 'With yours the condition is met: the names appear as soon as the trustees have opened them.'}
        </span>
      </p>
      <div className={css.ring}>
        <Ring
          state="open"
          title="The round robin with your seal in its place"
          needed={leastSignatures(context.statement.trigger, context.sizes)}
          seals={placed ? [...before, mine] : before}
          mine={mine.nullifier}
          caption="Yours has the fine ring around it. Only you see which it is."
          pictureOnly
        />
      </div>
      <ReceiptStatusText finding={finding} />
      <h3>Your receipt</h3>
      <p>
        It is the site’s signed promise to publish your signature, and what you need to take it back later. Whoever finds it on your device
        can tell that you have signed. It holds no name.
      </p>
      <ButtonRow>
        <Button onClick={() => saveFile(`round-robin-receipt-${receipt.entry.slice(0, 8)}.json`, formatFile(file))}>
          Save the receipt
        </Button>
        <ButtonLink kind="secondary" href={`/s/${id}`}>
          Go to the statement
        </ButtonLink>
      </ButtonRow>
      <Checkbox
        label="Keep the receipt in this browser as well"
        hint="Only if nobody else uses this device: it shows that you have signed, also while your memberships are locked."
        checked={kept}
        onChange={(event) => void keep(event.target.checked)}
      />
      <p role="status">{unkept && 'This browser did not store it. Save the receipt as a file.'}</p>
    </Stack>
  );
}

/** Whether the signatures that were there and this one meet the condition, as far as no personal minimum stands against it. */
function isMet(context: StatementContext, { counts }: BoardSurvey, { said }: Entry): boolean {
  return isTriggerMet(context.statement.trigger, new Map(counts).set(said.group, (counts.get(said.group) ?? 0) + 1));
}
