'use client';

import { useMemo, useState } from 'react';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { updateWallet } from '#lib/browser/vaults.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { type EndedKey, fateOf, type KeyFate } from '#lib/protocol/member/key-end.ts';
import { type Membership, MOST_MEMBERSHIPS, type Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { rememberRoll, seenRoll } from '#lib/signing/seen-rolls.ts';
import { forgetMembership } from '#lib/signing/wallet.ts';
import { Button, ButtonRow } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { useEndedKeys } from '../ui/use-ended-keys.ts';
import { useJob } from '../ui/use-job.ts';
import { useVaultJob } from '../vault/vault-failure.ts';
import { findInCurrentRoll, type RollFinding } from './find-in-roll.ts';
import { MembershipEntry } from './membership-entry.tsx';
import css from './membership-list.module.css';

const keyOf = (membership: Membership) => `${groupId(membership.group)} ${membership.name}`;

/** All memberships, and the search for them in the rolls as they are published now. */
export function MembershipList({ wallet }: { wallet: Wallet }) {
  const [findings, setFindings] = useState<ReadonlyMap<string, RollFinding>>(new Map());
  const [searching, setSearching] = useState<string | null>(null);
  const search = useJob(describeSearchFailure);
  const forgetting = useVaultJob();

  const ended = useEndedKeys();
  // Each fate is signatures to check, and this list is drawn anew with every step of the search below.
  const fates = useMemo(() => (typeof ended === 'string' ? new Map<Hex32, KeyFate | null>() : fatesIn(wallet, ended)), [wallet, ended]);
  const here = wallet.memberships.filter((membership) => membership.platform === location.origin);

  async function lookUp() {
    await search.start(async ({ signal }) => {
      for (const membership of here) {
        setSearching(keyOf(membership));
        const finding = await findInCurrentRoll(anonymousApi, wallet, membership, signal);
        setFindings((before) => new Map(before).set(keyOf(membership), finding));
        if ('isFirst' in finding) await updateWallet((stored) => rememberRoll(stored, seenRoll(finding.header)));
      }
    });
    setSearching(null);
  }

  async function forget(membership: Membership) {
    await forgetting.start(() => updateWallet((stored) => forgetMembership(stored, membership)));
  }

  if (wallet.memberships.length === 0)
    return <p>This browser has your words but no membership. Open an invitation here to join a group, or bring one back below.</p>;
  return (
    <>
      {wallet.memberships.length >= MOST_MEMBERSHIPS * 0.9 && (
        <Notice
          kind="warning"
          title={`This browser keeps ${wallet.memberships.length} of the ${MOST_MEMBERSHIPS} memberships for which there is room.`}
          todo="Forget those that you no longer need before you join another group; save a backup first."
        />
      )}
      {ended === 'failed' && here.length > 0 && (
        <Notice
          kind="warning"
          live
          title="This site does not say which keys of issuers were lost, stolen or replaced."
          todo="Load this page again in a moment."
        />
      )}
      {forgetting.failure && <Notice kind="error" live {...forgetting.failure} />}
      <ul className={css.list}>
        {wallet.memberships.map((membership) => (
          <MembershipEntry
            key={keyOf(membership)}
            membership={membership}
            fate={membership.platform === location.origin ? (fates.get(membership.group.issuer) ?? null) : null}
            finding={findings.get(keyOf(membership))}
            searching={searching === keyOf(membership)}
            onForget={() => void forget(membership)}
          />
        ))}
      </ul>
      {here.length > 0 && (
        <Section title="Am I in the current roll?" id="roll">
          <p>
            A roll is the list of a group’s members that its issuer has published, without names. Each name lies sealed beside it. You can
            sign once the roll holds you and your sealed name.
          </p>
          <ThreeFacts
            leaves="A request for both whole lists of each group, the same as everybody’s. The search happens here; the site cannot be asked for one name."
            sees="This site sees that somebody looks at these groups, not which member, and whoever watches your network sees that you visit this site."
            when="When you press the button."
          />
          {search.failure && (
            <Notice kind="error" live title={search.failure} todo="Try again. If it keeps happening, load this page anew." />
          )}
          <ButtonRow>
            <Button busy={search.running} onClick={() => void lookUp()}>
              {search.running ? 'Looking …' : 'Look me up'}
            </Button>
            {search.running && (
              <Button kind="secondary" onClick={() => search.stop()}>
                Stop
              </Button>
            )}
          </ButtonRow>
        </Section>
      )}
    </>
  );
}

function fatesIn({ memberships }: Wallet, ended: readonly EndedKey[]): ReadonlyMap<Hex32, KeyFate | null> {
  const keys = new Set(memberships.map(({ group }) => group.issuer));
  return new Map([...keys].map((key) => [key, fateOf(key, ended)]));
}

function describeSearchFailure(error: unknown): string {
  return error instanceof Error ? error.message : 'This browser could not look you up.';
}
