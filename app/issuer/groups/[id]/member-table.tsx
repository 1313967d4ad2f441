import { useMemo } from 'react';
import type { ListedMember, MemberState } from '#app/issuer/member-list.ts';
import { ConfirmDialog } from '#app/ui/confirm-dialog.tsx';
import { CopyButton } from '#app/ui/copy-button.tsx';
import { DataTable } from '#app/ui/data-table.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { Words } from '#app/ui/words.tsx';
import { formatInvitationLink, invitationIn, invitingGroupOf } from '#lib/issuing/invite.ts';
import type { IssuedGroup, Issuer } from '#lib/issuing/issuer-file.ts';
import css from './invitations.module.css';

const STATE_WORDS: Record<MemberState, string> = {
  invited: 'No reply yet',
  accepted: 'Accepted',
  admitted: 'In the roll',
  leaving: 'Leaves with the next roll',
};

interface MemberTableProps {
  issuer: Issuer;
  group: IssuedGroup;
  members: readonly ListedMember[];
  onStrike: (member: ListedMember) => void;
}

/** The people found, each with the state of their membership and what can be done about it. */
export function MemberTable({ issuer, group, members, onStrike }: MemberTableProps) {
  const inviting = useMemo(() => invitingGroupOf(issuer, { name: group.name }), [issuer, group.name]);
  const linkOf = (member: ListedMember) => formatInvitationLink(location.origin, invitationIn(inviting, member));
  return (
    <DataTable
      caption="Members and invitations"
      captionHidden
      rows={members}
      rowKey={(member) => member.secret}
      empty="Nobody."
      columns={[
        {
          heading: 'Name',
          cell: (member) => (
            <>
              <PersonName name={member.name} />
              {member.email && (
                <small className={css.place}>
                  <PersonName name={member.email} />
                </small>
              )}
            </>
          ),
        },
        { heading: 'State', cell: (member) => STATE_WORDS[member.state] },
        {
          heading: 'Actions',
          cell: (member) => (
            <span className={css.actions}>
              {member.state === 'invited' && (
                <CopyButton kind="link" value={linkOf(member)}>
                  Copy link
                </CopyButton>
              )}
              {member.state !== 'leaving' && <StrikeButton member={member} onStrike={onStrike} />}
            </span>
          ),
        },
      ]}
    />
  );
}

function StrikeButton({ member, onStrike }: { member: ListedMember; onStrike: (member: ListedMember) => void }) {
  const { name } = member;
  return (
    <ConfirmDialog
      trigger="Remove"
      triggerKind="link"
      title={<Words>{`Remove “${name}”?`}</Words>}
      confirm="Remove"
      onConfirm={() => onStrike(member)}
    >
      {member.state === 'invited' ? (
        <p key="invited">
          The invitation of <PersonName name={name} /> will no longer work.
        </p>
      ) : member.state === 'accepted' ? (
        <p key="accepted">
          <PersonName name={name} /> will not be in the next roll.
        </p>
      ) : (
        <p key="listed">
          The next roll will no longer hold <PersonName name={name} />. Statements that are open already keep the roll with which they were
          opened: there <PersonName name={name} /> can still sign. If the wallet was stolen, so can whoever has it, until those statements
          end; nobody can revoke it. To admit <PersonName name={name} /> again after a loss, remove them and invite them anew: the next roll
          holds the new membership and not the old one.
        </p>
      )}
    </ConfirmDialog>
  );
}
