import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackup } from '#lib/protocol/member/backup.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { readBackupLink } from '#lib/signing/backup-link.ts';
import { createWallet } from '#lib/signing/wallet.ts';
import { launch } from '#test/support/browser.ts';
import { showBundle } from '#test/support/bundle-page.ts';
import { readCode } from '#test/support/read-code.ts';

const issuer = randomBytes(32).toString('hex');
const memberOf = (group: string, name: string): Membership => ({
  group: { name: group, issuer },
  name,
  platform: 'https://platform.example',
});
/** An ordinary membership, and the longest that there can be. */
const memberships = [memberOf('Staff council', 'Ann Quillfeather'), memberOf('Ω'.repeat(100), '漢'.repeat(66))];
const wallet: Wallet = {
  ...createWallet((length) => new Uint8Array(randomBytes(length))),
  memberships,
  rolls: memberships.map(({ group }) => ({
    group: groupId(group),
    number: 1_000_000,
    hash: randomBytes(32).toString('hex'),
    time: 1_800_000_000,
  })),
};

/** The sheet as the page of the wallet has it, on paper. */
const ENTRY = `
import { createRoot } from 'react-dom/client';
import { RecoverySheet } from './app/wallet/recovery-sheet.tsx';
createRoot(document.querySelector('main')).render(<RecoverySheet wallet={${JSON.stringify(wallet)}} />);
`;

describe('the sheet of a wallet on paper', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('has a code for each membership that any reader of codes can read, and that the words open', async () => {
    const page = await browser.newPage({ viewport: { width: 794, height: 1123 } }); // A4
    await showBundle(page, ENTRY);
    await page.getByRole('button', { name: 'Show the sheet' }).click();
    await page.emulateMedia({ media: 'print' });
    for (const membership of memberships) {
      const read = await readCode(page.getByRole('img', { name: `Code for your membership of ${membership.group.name}` }));
      const sealed = readBackupLink(read ?? '');
      expect(read).toContain('https://platform.example/wallet#');
      expect(sealed && openBackup(wallet.root, sealed)).toMatchObject({ ok: true, value: { memberships: [membership] } });
    }
  });
});
