'use client';

import { useState } from 'react';
import { Button, ButtonLink } from '#app/ui/button.tsx';
import { FileDrop } from '#app/ui/file-drop.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section, Stack } from '#app/ui/page-parts.tsx';
import { ProgressBar } from '#app/ui/progress.tsx';
import { UnlockWallet } from '#app/vault/unlock-wallet.tsx';
import { useVault } from '#app/vault/use-vault.ts';
import { useVaultJob } from '#app/vault/vault-failure.ts';
import { updateWallet, walletVault } from '#lib/browser/vaults.ts';
import { checkKeptReceipt } from '#lib/protocol/board/receipt.ts';
import type { Keyed } from '#lib/protocol/key/key-judgement.ts';
import type { KeptReceipt } from '#lib/protocol/member/wallet-file.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { receiptedBy } from '#lib/signing/post-body.ts';
import { parseReceiptFile } from '#lib/signing/signature-files.ts';
import { forgetReceipt } from '#lib/signing/wallet.ts';
import { RefusalNotice } from '../sign/refusal-notice.tsx';
import { useLoadedStatement } from '../sign/use-loaded-statement.ts';
import { ReceiptStatusText } from './receipt-status.tsx';
import { useReceiptStatus } from './use-receipt-status.ts';

/** Bytes; such a file has some 2,000. */
const LARGEST_RECEIPT_FILE = 64 * 1024;

/** The receipts of a statement that are kept here or come from a file, each with what became of it. */
export function FindReceipt({ id }: { id: string }) {
  const load = useLoadedStatement(id);
  const view = useVault(walletVault);
  const [dropped, setDropped] = useState<KeptReceipt | null>(null);
  const [fault, setFault] = useState<string>();
  const forgetting = useVaultJob();
  const kept = (view.at === 'open' && view.value?.receipts.filter(({ entry }) => entry.statement === id)) || [];

  if (load.at === 'checking') return <ProgressBar label="Fetching the statement and checking it on this device" />;
  if (load.at === 'refused') return <RefusalNotice refusal={load.refusal} />;
  if (load.at === 'unreachable')
    return <Notice kind="error" live title={load.message} action={<Button onClick={load.retry}>Try again</Button>} />;
  const { context, key } = load.loaded;
  if (key.status !== 'keyed') return <Notice kind="info" title="There is no board: nobody has been able to sign this statement." />;

  function take(text: string) {
    setDropped(null);
    const parsed = parseReceiptFile(text);
    if (!parsed.ok) return setFault('This file is not a receipt, or it was cut off or changed.');
    const checked = checkKeptReceipt(context, receiptedBy(parsed.value), parsed.value.receipt);
    if (!checked.ok)
      return setFault(
        parsed.value.receipt.statement === id ? 'This receipt is not signed by this site.' : 'This receipt is for another statement.',
      );
    setFault(undefined);
    setDropped(parsed.value);
  }

  const forget = ({ receipt }: KeptReceipt) => forgetting.start(() => updateWallet((wallet) => forgetReceipt(wallet, receipt.entry)));

  return (
    <Stack gap="wide">
      {forgetting.failure && <Notice kind="error" live {...forgetting.failure} />}
      {view.at === 'locked' && (
        <Section title="Receipts kept in this browser">
          <UnlockWallet />
        </Section>
      )}
      {kept.map((file) => (
        <Section key={file.receipt.entry} title="A receipt kept in this browser">
          <ReceiptOf file={file} context={context} statementKey={key} />
          <div>
            <Button kind="secondary" onClick={() => void forget(file)}>
              Forget it on this device
            </Button>
          </div>
        </Section>
      ))}
      <Section title={kept.length > 0 ? 'Another receipt' : 'Your receipt'}>
        <FileDrop
          label="Receipt"
          hint="The file that you saved after signing. It does not leave this device."
          accept=".json,application/json"
          mostBytes={LARGEST_RECEIPT_FILE}
          onText={take}
          error={fault}
        />
        {dropped && <ReceiptOf key={dropped.receipt.entry} file={dropped} context={context} statementKey={key} />}
      </Section>
      <Section title="Take your signature back">
        <p>Until the deadline you can, also without a receipt and from another device: what you need are your memberships.</p>
        <div>
          <ButtonLink kind="secondary" href={`/s/${id}/withdraw`}>
            Take it back …
          </ButtonLink>
        </div>
      </Section>
    </Stack>
  );
}

function ReceiptOf({ file, context, statementKey }: { file: KeptReceipt; context: StatementContext; statementKey: Keyed }) {
  const finding = useReceiptStatus(context, statementKey, file.receipt);
  return <ReceiptStatusText finding={finding} action={file.receipt.action} />;
}
