'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#app/ui/button.tsx';
import { FormStack, Select } from '#app/ui/field.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { useVaultJob } from '#app/vault/vault-failure.ts';
import { AttestedNameField } from '#app/wallet/attested-name-field.tsx';
import { RestoreWallet } from '#app/wallet/restore-wallet.tsx';
import { ApiError } from '#lib/api/api-error.ts';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { updateWallet } from '#lib/browser/vaults.ts';
import { nameGroupsBy } from '#lib/protocol/member/name-groups.ts';
import type { Membership, Wallet } from '#lib/protocol/member/wallet-file.ts';
import { accept, type Checked, refuse } from '#lib/protocol/messages/checked.ts';
import { findMembership, nameMembership } from '#lib/signing/find-membership.ts';
import type { LoadedStatement } from '#lib/signing/load-statement.ts';
import { addMembership, identityOf } from '#lib/signing/wallet.ts';

interface FromWordsProps {
  loaded: LoadedStatement;
  /** Null where this browser keeps none. */
  wallet: Wallet | null;
  onFound?: (membership: Membership) => void;
}

/** The way to one's signature from the 24 words alone: the words make the wallet, and the statement's own roll the membership. */
export function FromWords({ loaded, wallet, onFound }: FromWordsProps) {
  if (wallet === null)
    return (
      <Section title="From your 24 words">
        <p>
          This browser keeps no membership. Your words are enough, on any device. What they bring back is kept here under a passphrase until
          you delete it.
        </p>
        <RestoreWallet scanned={null} />
      </Section>
    );
  return (
    <Section title="Under which name did you sign?">
      <NameMembership loaded={loaded} wallet={wallet} onFound={onFound} />
    </Section>
  );
}

/** The issuers' keys are those of the statement, which has the hash that the address names. */
function NameMembership({ loaded, wallet, onFound }: FromWordsProps & { wallet: Wallet }) {
  const rolls = [...loaded.context.rolls];
  const nameOf = nameGroupsBy(loaded.context.rolls);
  const [group, setGroup] = useState(rolls[0]?.[0] ?? '');
  const [name, setName] = useState('');
  const job = useVaultJob();
  const [fault, setFault] = useState<string>();

  async function look(event: FormEvent) {
    event.preventDefault();
    setFault(undefined);
    await job.start(async () => {
      const found = await findNamed(loaded, wallet, group, name);
      if (!found.ok) return setFault(found.detail);
      await updateWallet((stored) => addMembership(stored, found.value));
      onFound?.(found.value);
    });
  }

  return (
    <FormStack onSubmit={(event) => void look(event)} autoComplete="off">
      {rolls.length > 1 && (
        <Select label="Your group" value={group} onChange={(event) => setGroup(event.target.value)}>
          {rolls.map(([id]) => (
            <option key={id} value={id} translate="no">
              {nameOf(id)}
            </option>
          ))}
        </Select>
      )}
      <AttestedNameField hint="Every letter and comma counts. It is compared here and sent nowhere." value={name} onChange={setName} />
      {fault && <Notice kind="error" live title={fault} lost="Nothing was sent." />}
      {job.failure && <Notice kind="error" live {...job.failure} />}
      <div>
        <Button type="submit" busy={job.running}>
          {job.running ? 'Looking …' : 'Find me in the roll'}
        </Button>
      </div>
    </FormStack>
  );
}

async function findNamed({ context }: LoadedStatement, wallet: Wallet, group: string, typed: string): Promise<Checked<Membership>> {
  const named = nameMembership(context, { group, name: typed, platform: location.origin });
  if (!named.ok) return refuse(named.code, 'This cannot be a name that an issuer has attested.');
  try {
    const place = await findMembership(anonymousApi, named.value, identityOf(wallet));
    return place.ok ? accept(place.value.membership) : refuse(place.code, `${place.detail} Look at every letter.`);
  } catch (error) {
    return refuse('UNREACHABLE', error instanceof ApiError ? error.message : 'The roll could not be fetched.');
  }
}
