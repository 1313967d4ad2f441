'use client';

import { useCallback, useEffect, useState } from 'react';
import { anonymousApi } from '#lib/browser/anonymous-api.ts';
import { issuerApi, issuerStore, openInWorker } from '#lib/browser/issue-rolls.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { issuerVault } from '#lib/browser/vaults.ts';
import { findClaimed } from '#lib/issuing/continue-roll.ts';
import { ticketOfMember } from '#lib/issuing/invite.ts';
import { findGroup, type Issuer, isInvited } from '#lib/issuing/issuer-file.ts';
import { findNewerRoll, findUnknownTickets } from '#lib/issuing/older-keystore.ts';
import type { RefusedEnrolment } from '#lib/issuing/open-enrolments.ts';
import { findWithdrawn, renewWithdrawn, withdrawnTickets } from '#lib/issuing/renew.ts';
import { selectAccepted } from '#lib/issuing/run-group.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type IssuerJob, useIssuerJob } from '../../use-issuer-job.ts';
import { takeReplies } from './roll-merge.ts';

/** What members have answered, as far as this browser has opened it. */
export interface Replies {
  job: IssuerJob;
  refused: readonly RefusedEnrolment[];
  /** Invitations of this roster that the platform does not know: handing them in failed or was stopped. */
  missing: number;
  /** What shows that this keystore is an older copy: a newer roll of its key by number, and how many open invitations it does not know. */
  older: { roll: number | null; unknown: number };
  /** Whose invitation in this keystore had been taken back before: they have fresh ones now. */
  renewed: readonly string[];
  refresh: () => void;
}

/** Fetches the sealed replies when the page opens and when asked, opens them in a worker and keeps what they hold. */
export function useReplies(id: Hex32): Replies {
  const job = useIssuerJob();
  const { start } = job;
  const [refused, setRefused] = useState<readonly RefusedEnrolment[]>([]);
  const [missing, setMissing] = useState(0);
  const [renewed, setRenewed] = useState<readonly string[]>([]);
  const [older, setOlder] = useState<Replies['older']>({ roll: null, unknown: 0 });

  const refresh = useCallback(
    () =>
      void start(async ({ signal, onProgress }) => {
        const states = await issuerApi.listEnrolments(id, { signal });
        const { rolls } = await anonymousApi.getGroup(id, { most: 1, signal, cache: 'reload' });
        const waiting = selectAccepted(states);
        let faults: RefusedEnrolment[] = [];
        let now = await readIssuer();
        const before = findGroup(now, id);
        if (waiting.length > 0) {
          const opened = await openInWorker(now, id, waiting, { signal, onNews: onProgress });
          faults = opened.refused;
          if (opened.accepted.length > 0)
            now = await issuerStore.update((current) => takeReplies(current, findGroup(opened.issuer, id), id));
        }
        const withdrawn = withdrawnTickets(states);
        const old = findWithdrawn(findGroup(now, id), withdrawn).map(({ name }) => name);
        if (old.length > 0) {
          now = await issuerStore.update((current) => renewWithdrawn(current, id, withdrawn, secureRandom));
          setRenewed((before) => [...before, ...old]);
        }
        const { members } = findGroup(now, id);
        const known = new Set(members.map(ticketOfMember));
        for (const member of before.members) known.add(ticketOfMember(member)); // whose tickets are still to be withdrawn
        setOlder({ roll: findNewerRoll(findGroup(now, id), id, rolls[0]), unknown: findUnknownTickets(known, states).length });
        const expected = members.filter((member) => !member.removed && isInvited(member));
        // A roll that this keystore does not know may have taken some of them in.
        const joined = findClaimed(expected, states).length;
        const unused = states.filter(({ state }) => state === 'invited').length;
        setRefused(faults);
        setMissing(Math.max(0, expected.length - joined - unused - faults.length));
      }),
    [start, id],
  );
  useEffect(() => refresh(), [refresh]);

  return { job, refused, missing, older, renewed, refresh };
}

async function readIssuer(): Promise<Issuer> {
  const issuer = await issuerVault().read();
  if (!issuer) throw new TypeError('the keystore was deleted in another window');
  return issuer;
}
