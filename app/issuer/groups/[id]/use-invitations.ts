'use client';

import { useState } from 'react';
import type { ListedMember } from '#app/issuer/member-list.ts';
import { useIssuerJob } from '#app/issuer/use-issuer-job.ts';
import { issuerApi, issuerStore } from '#lib/browser/issue-rolls.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { giveInvitation, readmit } from '#lib/issuing/hand-over.ts';
import { removeMember, ticketOf } from '#lib/issuing/invite.ts';
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { sendTicketsInTurn } from './send-tickets.ts';
import type { Replies } from './use-replies.ts';

type Given = { secret: Hex32; way: 1 | 5 };

/** What a clerk does with the people on a roster, each kept here first and then told to the platform, which knows tickets alone. */
export function useInvitations(issuer: Issuer, id: Hex32, replies: Replies) {
  const job = useIssuerJob();
  const [shown, setShown] = useState<Given | null>(null);

  async function run(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const isDone = await job.start(({ signal }) => work(signal));
    replies.refresh();
    return isDone;
  }

  async function give(member: ListedMember, way: 1 | 5): Promise<void> {
    setShown(null);
    let secret = member.secret;
    const isDone = await run(async (signal) => {
      const terms = { group: id, secret: member.secret, way, random: secureRandom };
      secret = await giveInvitation(issuerApi, issuerStore, terms, { signal });
    });
    if (isDone) setShown({ secret, way });
  }

  return {
    job,
    /** The invitation that is shown to be given, and how. */
    shown,
    putAway: () => setShown(null),
    give: (member: ListedMember, way: 1 | 5) => void give(member, way),
    handIn: () => job.start((watch) => sendTicketsInTurn(issuerApi, id, findGroup(issuer, id).members, watch)).then(replies.refresh),
    strike: (member: ListedMember) =>
      run(async (signal) => {
        await issuerStore.update((current) => removeMember(current, id, member.secret));
        if (member.state === 'invited') await issuerApi.withdrawInvitations(id, [ticketOf(member.secret)], { signal });
      }),
    readmit: (member: ListedMember) =>
      run(async (signal) => {
        let fresh = '';
        await issuerStore.update((current) => {
          const { issuer: after, secret } = readmit(current, id, member.secret, secureRandom);
          fresh = secret;
          return after;
        });
        await issuerApi.addInvitations(id, [ticketOf(fresh)], { signal });
      }),
  };
}
