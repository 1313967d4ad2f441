'use client';

import type { ListedMember } from '#app/issuer/member-list.ts';
import { useIssuerJob } from '#app/issuer/use-issuer-job.ts';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { issuerStore } from '#lib/browser/issue-rolls.ts';
import { saveFile } from '#lib/browser/save-file.ts';
import { markMailed } from '#lib/issuing/hand-over.ts';
import { exportInvitations, formatInvitationLink, invitationIn, invitingGroupOf, listToMail } from '#lib/issuing/invite.ts';
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { fileNamePart } from './file-name-part.ts';
import { GiveInvitation } from './give-invitation.tsx';
import { ListedMembers } from './listed-members.tsx';
import { ReplyNotices } from './reply-notices.tsx';
import { useInvitations } from './use-invitations.ts';
import type { Replies } from './use-replies.ts';

interface InvitationsProps {
  issuer: Issuer;
  id: Hex32;
  members: readonly ListedMember[];
  replies: Replies;
}

/** Everybody on the roster: who has accepted, the links to send, and the way to strike somebody. */
export function Invitations({ issuer, id, members, replies }: InvitationsProps) {
  const desk = useInvitations(issuer, id, replies);
  const saving = useIssuerJob();
  const group = findGroup(issuer, id);
  const mailable = listToMail(group).length;
  const shownName = desk.shown && group.members.find(({ secret }) => secret === desk.shown?.secret)?.name;

  async function download() {
    // With a hostile employer each of them is counted as admitted by an invitation.
    await saving.start(async () => {
      const after = await issuerStore.update((current) => markMailed(current, id));
      saveFile(`invitations-${fileNamePart(group.name)}.csv`, exportInvitations(location.origin, after, id), 'text/csv');
    });
  }

  if (members.length === 0) return null;
  return (
    <Section title="Members and invitations" id="members">
      <p>
        Each link is for one person, and admits once: whoever answers first with the whole link is admitted under that name. Send it so that
        only they can read it. If somebody else was faster, the person invited is told so and will come to you. An old link opens nothing.
        The file holds the links of everybody who has not replied, for a mail merge.
      </p>
      <ButtonRow>
        <Button kind="secondary" disabled={mailable === 0} onClick={() => void download()}>
          {`Download ${countOf(mailable, 'open invitation', 'open invitations')} (CSV)`}
        </Button>
        <Button kind="secondary" busy={replies.job.running} onClick={replies.refresh}>
          {replies.job.running ? 'Looking for replies …' : 'Look for replies'}
        </Button>
      </ButtonRow>
      {saving.failure && <Notice kind="error" live {...saving.failure} />}
      <ReplyNotices replies={replies} desk={desk} />
      {desk.shown && shownName && (
        <GiveInvitation
          key={desk.shown.secret}
          name={shownName}
          link={formatInvitationLink(location.origin, invitationIn(invitingGroupOf(issuer, group), { ...desk.shown, name: shownName }))}
          way={desk.shown.way}
          onDone={desk.putAway}
        />
      )}
      <ListedMembers issuer={issuer} group={group} members={members} desk={desk} />
    </Section>
  );
}
