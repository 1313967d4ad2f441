'use client';

import { type FormEvent, useState } from 'react';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { updateWallet } from '#lib/browser/vaults.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import { rememberRoll, seenRoll } from '#lib/signing/seen-rolls.ts';
import { addMembership } from '#lib/signing/wallet.ts';
import { Button } from '../ui/button.tsx';
import { FormStack, TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { useVaultJob } from '../vault/vault-failure.ts';
import { AttestedNameField } from './attested-name-field.tsx';
import { type BroughtBack, bringBack } from './bring-back.ts';

/** Brings a membership back by the link of its group and the attested name: the words of the wallet find its place in the roll. */
export function RestoreMembership({ wallet }: { wallet: Wallet }) {
  const [link, setLink] = useState('');
  const [name, setName] = useState('');
  const [outcome, setOutcome] = useState<BroughtBack | null>(null);
  const job = useVaultJob();

  async function look(event: FormEvent) {
    event.preventDefault();
    setOutcome(null);
    await job.start(async () => {
      const found = await bringBack(anonymousApi, wallet, { link, name, platform: location.origin });
      if (found.ok) {
        const { membership, header } = found.value;
        await updateWallet((stored) => rememberRoll(addMembership(stored, membership), seenRoll(header)));
        setLink('');
        setName('');
      }
      setOutcome(found);
    });
  }

  return (
    <FormStack onSubmit={(event) => void look(event)} autoComplete="off">
      <TextInput
        label="Link of the group’s page"
        hint="It stands on your sheet; the issuer has it, too."
        autoComplete="off"
        required
        value={link}
        onChange={(event) => setLink(event.target.value)}
      />
      <AttestedNameField
        hint="Every letter and comma counts: “Ada Lovelace, pilot” is another name than “Ada Lovelace”."
        value={name}
        onChange={setName}
      />
      <div>
        <Button type="submit" kind="secondary" busy={job.running}>
          {job.running ? 'Looking …' : 'Find me in the roll'}
        </Button>
      </div>
      {job.failure && <Notice kind="error" live {...job.failure} />}
      {outcome && <Outcome outcome={outcome} />}
    </FormStack>
  );
}

function Outcome({ outcome }: { outcome: BroughtBack }) {
  if (!outcome.ok)
    return <Notice kind="error" live title={outcome.detail ?? 'It was not found.'} lost="Nothing was changed." code={outcome.code} />;
  const { membership, header, isFirst } = outcome.value;
  return (
    <Notice
      kind={isFirst ? 'warning' : 'info'}
      live
      title={
        <>
          <span>{`Roll ${header.number} of `}</span>
          <PersonName name={membership.group.name} /> holds you as <PersonName name={membership.name} />. This browser keeps the membership
          again.
        </>
      }
      lost={isFirst && 'This wallet has not seen the group before, so it cannot tell an older roll from the newest.'}
      todo={isFirst && 'Compare number and date of the roll with what the issuer or another member says.'}
    />
  );
}
