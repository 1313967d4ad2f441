'use client';

import { useState } from 'react';
import { Button, ButtonLink, ButtonRow } from '#app/ui/button.tsx';
import { Checkbox } from '#app/ui/field.tsx';
import { forgetReceipt, keepReceipt } from '#lib/browser/kept-receipts.ts';
import { saveFile } from '#lib/browser/save-file.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import { formatFile, receiptFile } from '#lib/signing/signature-files.ts';

/** The ways to keep a receipt: as a file, and only where it is asked for in this browser. */
export function KeepReceipt({ id, body, receipt, hint }: { id: string; body: Body; receipt: Receipt; hint: string }) {
  const [kept, setKept] = useState(false);
  const [unkept, setUnkept] = useState(false);
  const file = receiptFile(location.origin, body, receipt);

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

  return (
    <>
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
        hint={hint}
        checked={kept}
        onChange={(event) => void keep(event.target.checked)}
      />
      <p role="status">{unkept && 'This browser did not store it. Save the receipt as a file.'}</p>
    </>
  );
}
