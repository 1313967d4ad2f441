'use client';

import { useState } from 'react';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { updateWallet } from '#lib/browser/vaults.ts';
import { wordsOfRoot } from '#lib/protocol/member/recovery.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { drawAsked } from '#lib/signing/rehearsal.ts';
import { FocusHere } from '../s/[id]/sign/focus-here.tsx';
import { Button, ButtonRow } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { useVaultJob } from '../vault/vault-failure.ts';
import { Rehearsal } from './rehearsal.tsx';
import { WordList } from './word-list.tsx';

interface LearnWordsProps {
  wallet: Wallet;
  /** Leaves it for another day. */
  onLater?: (() => void) | undefined;
}

/** Shows the words to be written down, then asks for three of them; the wallet remembers that it has. */
export function LearnWords({ wallet, onLater }: LearnWordsProps) {
  const [step, setStep] = useState<'first' | 'again' | { asked: readonly number[] }>('first');
  const words = wordsOfRoot(wallet.root);
  const job = useVaultJob();
  const shown = <ShownWords words={words} onWritten={() => setStep({ asked: drawAsked(secureRandom) })} onLater={onLater} />;
  if (step === 'first') return shown;
  if (step === 'again') return <FocusHere key="again">{shown}</FocusHere>;
  return (
    <FocusHere key="asked">
      <Rehearsal
        words={words}
        asked={step.asked}
        onDone={() => void job.start(() => updateWallet((stored) => ({ ...stored, rehearsed: true })))}
        onBack={() => setStep('again')}
      />
      {job.failure && <Notice kind="error" live {...job.failure} />}
    </FocusHere>
  );
}

interface ShownWordsProps {
  words: readonly string[];
  onWritten: () => void;
  onLater: (() => void) | undefined;
}

function ShownWords({ words, onWritten, onLater }: ShownWordsProps) {
  return (
    <Stack>
      <p>
        With them, the link of the group’s page and your name as it is attested, you can bring your membership back on any device. Without
        them nobody can. Write them on paper, in this order.
      </p>
      <Notice
        kind="warning"
        title="Whoever finds the sheet can sign as you."
        todo="Keep it where nobody else reads. Take no photograph of it, and put it in no cloud."
      />
      <WordList words={words} />
      <ButtonRow>
        <Button onClick={onWritten}>I have written them down</Button>
        {onLater && (
          <Button kind="link" onClick={onLater}>
            Later
          </Button>
        )}
      </ButtonRow>
    </Stack>
  );
}
