'use client';

import { useState } from 'react';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { wordsOfRoot } from '#lib/protocol/member/recovery.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { formatBackupLink } from '#lib/signing/backup-link.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { WordList } from './word-list.tsx';
import css from './words.module.css';

/** The words and, beside them, a code for each membership, to be printed. Shown only when it is asked for. */
export function RecoverySheet({ wallet }: { wallet: Wallet }) {
  const [isShown, setShown] = useState(false);
  if (!isShown)
    return (
      <div>
        <Button kind="secondary" onClick={() => setShown(true)}>
          Show the sheet
        </Button>
      </div>
    );
  return (
    <Stack>
      <Notice
        kind="warning"
        title="Whoever finds the sheet can sign as you."
        todo="Print it on a printer that is yours, and keep no file of it."
      />
      <WordList words={wordsOfRoot(wallet.root)} />
      <Codes wallet={wallet} />
      <div data-print="never">
        <ButtonRow>
          <Button kind="secondary" onClick={() => window.print()}>
            Print it
          </Button>
          <Button kind="secondary" onClick={() => setShown(false)}>
            Hide it
          </Button>
        </ButtonRow>
      </div>
    </Stack>
  );
}

/** Each code is sealed anew when it is shown; what stays the same is what it opens to. */
function Codes({ wallet }: { wallet: Wallet }) {
  const [links] = useState(() => wallet.memberships.map((membership) => formatBackupLink(wallet, membership, secureRandom)));
  return (
    <ul className={css.codes}>
      {wallet.memberships.map(({ group, name, platform }, i) => (
        <li key={`${groupId(group)} ${name}`}>
          <QrCode className={css.code} text={links[i] as string} label={`Code for your membership of ${group.name}`} />
          <span>
            <PersonName name={name} />, <PersonName name={group.name} />
          </span>
          <small translate="no">{`${platform}/groups/${groupId(group)}`}</small>
        </li>
      ))}
    </ul>
  );
}
