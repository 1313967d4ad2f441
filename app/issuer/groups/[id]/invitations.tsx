'use client';

import { useMemo, useState } from 'react';
import { countOf } from '#app/issuer/count-words.ts';
import type { ListedMember, MemberState } from '#app/issuer/member-list.ts';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { Select } from '#app/ui/field.tsx';
import { LongList } from '#app/ui/long-list.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { Section } from '#app/ui/page-parts.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { issuerStore } from '#lib/browser/issue-rolls.ts';
import { saveFile } from '#lib/browser/save-file.ts';
import { markMailed } from '#lib/issuing/hand-over.ts';
import { exportInvitations, formatInvitationLink, invitationIn, invitingGroupOf, listToMail } from '#lib/issuing/invite.ts';
import { findGroup, type Issuer } from '#lib/issuing/issuer-file.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { fileNamePart } from './file-name-part.ts';
import { GiveInvitation } from './give-invitation.tsx';
import css from './invitations.module.css';
import { JobProgress } from './job-progress.tsx';
import { MemberTable } from './member-table.tsx';
import { useInvitations } from './use-invitations.ts';
import type { Replies } from './use-replies.ts';

/** Rows of the table on a page: few, because the next step stands below them. */
const ROWS = 20;

interface InvitationsProps {
  issuer: Issuer;
  id: Hex32;
  members: readonly ListedMember[];
  replies: Replies;
}

/** Everybody on the roster: who has accepted, the links to send, and the way to strike somebody. */
export function Invitations({ issuer, id, members, replies }: InvitationsProps) {
  const [state, setState] = useState<MemberState | 'all'>('all');
  const desk = useInvitations(issuer, id, replies);
  const { job } = desk;
  const listed = useMemo(() => members.filter((member) => state === 'all' || member.state === state), [members, state]);
  const group = findGroup(issuer, id);

  const mailable = listToMail(group).length;
  const shownName = desk.shown && group.members.find(({ secret }) => secret === desk.shown?.secret)?.name;

  async function download() {
    // With a hostile employer each of them is counted as admitted by an invitation.
    const after = await issuerStore.update((current) => markMailed(current, id));
    saveFile(`invitations-${fileNamePart(group.name)}.csv`, exportInvitations(location.origin, after, id), 'text/csv');
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
      {replies.job.share !== undefined && <JobProgress job={replies.job} label="Opening the replies" />}
      {replies.job.failure && <Notice kind="error" live {...replies.job.failure} />}
      {replies.missing > 0 && !replies.job.running && (
        <Notice
          kind="warning"
          title={`This site does not know ${countOf(replies.missing, 'of your invitations', 'of your invitations')} yet.`}
          lost="Their links do not work until they are handed in. Nothing was lost."
          action={
            <Button kind="secondary" busy={job.running} onClick={() => void desk.handIn()}>
              Hand them in
            </Button>
          }
        />
      )}
      <JobProgress job={job} label="Telling this site" />
      {job.failure && <Notice kind="error" live {...job.failure} />}
      {replies.refused.length > 0 && (
        <Notice kind="warning" title={`${countOf(replies.refused.length, 'reply', 'replies')} cannot be taken into the roll.`}>
          <LongList items={replies.refused} textOf={({ name }) => name} find="Find a name" one="reply" many="replies" size={ROWS}>
            {(shown) => (
              <ul className={css.refused}>
                {shown.map(({ name, detail }) => (
                  <li key={`${name} ${detail}`}>
                    <PersonName name={name} />: <span>{detail}</span>
                  </li>
                ))}
              </ul>
            )}
          </LongList>
        </Notice>
      )}
      {desk.shown && shownName && (
        <GiveInvitation
          key={desk.shown.secret}
          name={shownName}
          link={formatInvitationLink(location.origin, invitationIn(invitingGroupOf(issuer, group), { ...desk.shown, name: shownName }))}
          way={desk.shown.way}
          onDone={desk.putAway}
        />
      )}
      <div className={css.state}>
        <Select label="Show" value={state} onChange={(event) => setState(event.target.value as MemberState | 'all')}>
          <option value="all">Everybody</option>
          <option value="invited">No reply yet</option>
          <option value="accepted">Accepted</option>
          <option value="admitted">In the roll</option>
          <option value="leaving">Leaving with the next roll</option>
        </Select>
      </div>
      <p role="status">{`${countOf(listed.length, 'person', 'people')}.`}</p>
      <LongList
        key={state}
        items={listed}
        textOf={nameAndAddress}
        find="Find a name or address"
        one="person"
        many="people"
        size={ROWS}
        print="page"
      >
        {(shown) => <MemberTable issuer={issuer} group={group} members={shown} desk={desk} />}
      </LongList>
    </Section>
  );
}

function nameAndAddress({ name, email }: ListedMember): string {
  return `${name} ${email}`;
}
