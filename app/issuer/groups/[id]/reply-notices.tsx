'use client';

import { Button } from '#app/ui/button.tsx';
import { LongList } from '#app/ui/long-list.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { countOf, groupDigits } from '#lib/protocol/messages/count-of.ts';
import css from './invitations.module.css';
import { JobProgress } from './job-progress.tsx';
import type { useInvitations } from './use-invitations.ts';
import type { Replies } from './use-replies.ts';

/** How the work with replies and invitations stands, and what of them needs the issuer. */
export function ReplyNotices({ replies, desk }: { replies: Replies; desk: ReturnType<typeof useInvitations> }) {
  const { job } = desk;
  return (
    <>
      {replies.job.share !== undefined && <JobProgress job={replies.job} label="Opening the replies" />}
      {replies.job.failure && <Notice kind="error" live {...replies.job.failure} />}
      {!replies.job.running && <OlderCopy {...replies.older} />}
      {replies.renewed.length > 0 && <RenewedInvitations names={replies.renewed} />}
      {replies.missing > 0 && !replies.job.running && (
        <Notice
          kind="warning"
          title={`This site does not know ${groupDigits(replies.missing)} of your invitations yet.`}
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
      {replies.refused.length > 0 && <RefusedReplies refused={replies.refused} />}
    </>
  );
}

/** Said before anything is made with the keystore: what it does not know of, it could lose or give to a second person. */
export function OlderCopy({ roll, unknown }: Replies['older']) {
  if (roll !== null)
    return (
      <Notice
        kind="warning"
        title={`This keystore is an older copy: this site has roll ${roll}, which its key has signed and it does not know.`}
        todo="Restore your newest file. If there is none, go on from that roll, below, before you invite anybody."
      />
    );
  if (unknown === 0) return null;
  return (
    <Notice
      kind="warning"
      title={`This site has ${countOf(unknown, 'open invitation', 'open invitations')} that this keystore does not know.`}
      lost="Another copy of it, newer than this one, has made them. Nobody who answers one of them can be taken in from here."
      todo="Restore your newest file, and keep the group with one copy."
    />
  );
}

function RenewedInvitations({ names }: { names: readonly string[] }) {
  return (
    <Notice
      kind="warning"
      title={`This keystore is an older copy: ${groupDigits(names.length)} of its invitations had been taken back since.`}
      lost="Their links stay dead. Each of these people has a fresh invitation, which nobody has yet."
      todo="Remove whoever was struck from the roster, hand the others in, and give them their links again."
    >
      <LongList items={names} textOf={(name) => name} find="Find a name" one="person" many="people" size={20}>
        {(shown) => (
          <ul className={css.refused}>
            {shown.map((name, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two people may have one name, and the list is never put in another order
              <li key={i}>
                <PersonName name={name} />
              </li>
            ))}
          </ul>
        )}
      </LongList>
    </Notice>
  );
}

function RefusedReplies({ refused }: Pick<Replies, 'refused'>) {
  return (
    <Notice kind="warning" title={`${countOf(refused.length, 'reply', 'replies')} cannot be taken into the roll.`}>
      <LongList items={refused} textOf={({ name }) => name} find="Find a name" one="reply" many="replies" size={20}>
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
  );
}
