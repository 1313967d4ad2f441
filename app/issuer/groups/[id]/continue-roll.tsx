'use client';

import { useState } from 'react';
import { describeDifference } from '#app/issuer/roll-difference.ts';
import { Button } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { Words } from '#app/ui/words.tsx';
import { compareInWorker, issuerApi, issuerStore } from '#lib/browser/issue-rolls.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import { continueFrom, findClaimed, type RollDifference } from '#lib/issuing/continue-roll.ts';
import { findGroup, type IssuedGroup, type RosterMember } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { useIssuerJob } from '../../use-issuer-job.ts';
import { JobProgress } from './job-progress.tsx';
import { isUnchanged } from './roll-merge.ts';

type Compared = { group: IssuedGroup; difference: RollDifference; claimed: RosterMember[] };

/** The way on for an issuer whose keystore is older than the group's newest roll: see what differs, then go on from that roll. */
export function ContinueRoll({ id, onContinued }: { id: Hex32; onContinued: (number: number) => void }) {
  const job = useIssuerJob();
  const [compared, setCompared] = useState<Compared | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  async function compare() {
    setFault(null);
    setCompared(null);
    await job.start(async ({ signal, onProgress }) => {
      const issuer = await issuerVault().read();
      if (!issuer) return;
      const difference = await compareInWorker(issuer, id, { signal, onNews: onProgress });
      if (!difference.ok) return setFault(`It is not possible to go on from this site’s newest roll: ${difference.detail}.`);
      const group = findGroup(issuer, id);
      const awaited = group.members.filter((member) => !member.removed);
      const claimed = findClaimed(awaited, await issuerApi.listEnrolments(id, { signal }));
      setCompared({ group, difference: difference.value, claimed });
    });
  }

  async function goOn({ group, difference, claimed }: Compared) {
    const secrets = claimed.map(({ secret }) => secret);
    await job.start(async () => {
      let isStored = false;
      await issuerStore.update((current) => {
        isStored = isUnchanged(current, id, group);
        return isStored ? continueFrom(current, id, difference, secrets, secureRandom) : current;
      });
      if (isStored) onContinued(difference.newest.number);
      else setFault('The roster has changed since it was compared. Compare it again.');
      setCompared(null);
    });
  }

  return (
    <Stack>
      {!compared && (
        <>
          <p>
            If you restored this keystore from an older file, it can go on from the newest roll that you published. It first checks that
            every roll is signed with your key, and shows you what differs. It cannot see a roll that this site hides: ask your members, or
            look at your statements, which number and date the newest roll has.
          </p>
          <div>
            <Button kind="secondary" busy={job.running} onClick={() => void compare()}>
              Compare with the newest roll
            </Button>
          </div>
        </>
      )}
      {compared && !job.running && (
        <>
          <ul>
            {describeDifference(
              compared.group,
              compared.difference,
              compared.claimed.map(({ name }) => name),
            ).map((sentence) => (
              <li key={sentence}>
                <Words>{sentence}</Words>
              </li>
            ))}
          </ul>
          <div>
            <Button onClick={() => void goOn(compared)}>{`Go on from roll ${compared.difference.newest.number}`}</Button>
          </div>
        </>
      )}
      <JobProgress job={job} label="Comparing" />
      {fault && <Notice kind="error" live title={fault} />}
      {job.failure && <Notice kind="error" live {...job.failure} />}
    </Stack>
  );
}
