'use client';

import { useState } from 'react';
import { Button, ButtonLink, ButtonRow } from '#app/ui/button.tsx';
import { Checkbox } from '#app/ui/field.tsx';
import { saveFile } from '#lib/browser/save-file.ts';
import { updateWallet } from '#lib/browser/vaults.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import type { Receipt } from '#lib/protocol/board/receipt.ts';
import { formatFile, receiptFile } from '#lib/signing/signature-files.ts';
import { addReceipt, forgetReceipt } from '#lib/signing/wallet.ts';

/** The ways to keep a receipt: as a file, and only where it is asked for in this browser, encrypted with the memberships. */
export function KeepReceipt({ id, body, receipt }: { id: string; body: Body; receipt: Receipt }) {
  const [kept, setKept] = useState(false);
  const [outcome, setOutcome] = useState('');
  const file = receiptFile(location.origin, body, receipt);

  async function keep(on: boolean) {
    setKept(on);
    setOutcome('');
    try {
      const wanted = { platform: location.origin, ...body, receipt };
      await updateWallet((wallet) => (on ? addReceipt(wallet, wanted) : forgetReceipt(wallet, receipt.entry)));
      setOutcome(on ? 'It is kept in this browser.' : 'This browser has forgotten it.');
    } catch {
      setKept(!on);
      setOutcome('This browser did not store it. Save the receipt as a file.');
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
        hint="It lies encrypted with your memberships. To whoever has your passphrase it shows what you have signed. When they lock themselves, this page forgets what you have not kept."
        checked={kept}
        onChange={(event) => void keep(event.target.checked)}
      />
      <p role="status">{outcome}</p>
    </>
  );
}
