'use client';

import { useMemo, useState } from 'react';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { issuerApi, issuerStore } from '#lib/browser/issue-rolls.ts';
import { secureRandom } from '#lib/browser/secure-random.ts';
import { inviteMembers } from '#lib/issuing/invite.ts';
import { findGroup, type Issuer, MOST_ON_ROSTER } from '#lib/issuing/issuer-file.ts';
import { requireKeystoreRoom, shareOfRoom } from '#lib/issuing/keystore-room.ts';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { MORE_ROOM } from '../../issuer-failure.ts';
import { useIssuerJob } from '../../use-issuer-job.ts';
import { JobProgress } from './job-progress.tsx';
import { RosterReview } from './roster-review.tsx';
import { RosterSourceFields } from './roster-source-fields.tsx';
import { sendTicketsInTurn } from './send-tickets.ts';
import { useRosterSource } from './use-roster-source.ts';

/** From this share of a limit on it is told. */
const NEARLY = 0.9;

interface AddPeopleProps {
  issuer: Issuer;
  id: Hex32;
  onInvited: () => void;
}

/** Puts people on the roster, from a file or pasted rows, and makes their invitations. */
export function AddPeople({ issuer, id, onInvited }: AddPeopleProps) {
  const source = useRosterSource(issuer, id);
  const { roster, rows } = source;
  const [invited, setInvited] = useState<number | null>(null);
  // Counts what was invited, so that the file field forgets the file.
  const [round, setRound] = useState(0);
  const job = useIssuerJob();
  const known = findGroup(issuer, id).members;
  const share = useMemo(() => shareOfRoom(issuer), [issuer]);

  async function invite() {
    let added = 0;
    const isDone = await job.start(async (watch) => {
      const before = new Set(known.map((member) => member.secret));
      const now = await issuerStore.update((current) => requireKeystoreRoom(inviteMembers(current, id, rows, secureRandom)));
      const fresh = findGroup(now, id).members.filter((member) => !before.has(member.secret));
      added = fresh.length;
      source.clear();
      await sendTicketsInTurn(issuerApi, id, fresh, watch);
    });
    if (isDone) setInvited(added);
    setRound(round + 1);
    onInvited();
  }

  return (
    <Section title={known.length === 0 ? 'Invite people' : 'Invite more people'} id="invite">
      <p>
        One person a row, name and address. The name is what the public will read if a statement is revealed, so write it as the person
        would sign a letter. Names with a comma need quotation marks, as in the example. Further columns are not read.
      </p>
      {known.length >= MOST_ON_ROSTER * NEARLY && <NearlyFull people={known.length} />}
      {share >= NEARLY && (
        <Notice
          kind="warning"
          title={`This browser’s keystore is ${Math.floor(share * 100)} % full, all groups together.`}
          todo={MORE_ROOM}
        />
      )}
      <RosterSourceFields key={round} source={source} onChange={() => setInvited(null)} />
      {roster && <RosterReview roster={roster} added={rows} consent={source.consent} onConsent={source.setConsent} />}
      {roster && rows.length > 0 && (
        <>
          <ThreeFacts
            leaves="One number for each invitation, which says nothing about the person. Names, addresses and links stay here."
            sees="This site sees how many people you invite."
            when="When you press the button. Nobody is written to: you send the links yourself."
          />
          <ButtonRow>
            <Button busy={job.running} onClick={() => void invite()}>
              {`Invite ${countOf(rows.length, 'person', 'people')}`}
            </Button>
            {source.hasFile && (
              <Button kind="secondary" onClick={source.clear}>
                Put the file away
              </Button>
            )}
          </ButtonRow>
        </>
      )}
      <JobProgress job={job} label="Handing in the invitations" />
      {job.failure && <Notice kind="error" live {...job.failure} />}
      <p role="status">
        {invited === null || job.running
          ? ''
          : `${countOf(invited, 'invitation is', 'invitations are')} made. The links are under “Members and invitations”.`}
      </p>
    </Section>
  );
}

function NearlyFull({ people }: { people: number }) {
  return (
    <Notice
      kind="warning"
      title={`This roster holds ${groupDigits(people)} of the ${groupDigits(MOST_ON_ROSTER)} people for whom it has room.`}
      todo="People who were removed count as well, because their invitations must not work again. Make another group before it is full."
    />
  );
}
