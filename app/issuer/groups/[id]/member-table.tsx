import { useMemo } from 'react';
import { type ListedMember, STATE_WORDS } from '#app/issuer/member-list.ts';
import { Button } from '#app/ui/button.tsx';
import { ConfirmDialog } from '#app/ui/confirm-dialog.tsx';
import { CopyButton } from '#app/ui/copy-button.tsx';
import { DataTable } from '#app/ui/data-table.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { Words } from '#app/ui/words.tsx';
import { formatInvitationLink, invitationIn, invitingGroupOf } from '#lib/issuing/invite.ts';
import type { IssuedGroup, Issuer } from '#lib/issuing/issuer-file.ts';
import { isPrivateAddress } from '#lib/issuing/ways.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import css from './invitations.module.css';
import type { useInvitations } from './use-invitations.ts';

interface MemberTableProps {
  issuer: Issuer;
  group: IssuedGroup;
  members: readonly ListedMember[];
  desk: ReturnType<typeof useInvitations>;
}

/** The people found, each with the state of their membership and what can be done about it. */
export function MemberTable({ issuer, group, members, desk }: MemberTableProps) {
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
              {member.state === 'invited' && !group.hostileEmployer && (
                <CopyButton kind="link" value={linkOf(member)}>
                  Copy link
                </CopyButton>
              )}
              {member.state === 'invited' && mayBeSent(group, member) && (
                <Button kind="link" onClick={() => desk.give(member, 1)}>
                  Give a link
                </Button>
              )}
              {member.state === 'invited' && (
                <Button kind="link" onClick={() => desk.give(member, 5)}>
                  In person
                </Button>
              )}
              {(member.state === 'accepted' || member.state === 'admitted') && (
                <ReadmitButton member={member} onReadmit={(one) => void desk.readmit(one)} />
              )}
              {member.state !== 'leaving' && <StrikeButton member={member} onStrike={(one) => void desk.strike(one)} />}
            </span>
          ),
        },
      ]}
    />
  );
}

/** Whether a link may be given in a group whose employer is hostile; in others links are copied. */
function mayBeSent({ hostileEmployer }: IssuedGroup, { email }: ListedMember): boolean {
  return hostileEmployer !== undefined && isPrivateAddress(email, hostileEmployer.domains);
}

/** After a lost wallet, in one press: the old leaf goes and a fresh invitation is there. */
function ReadmitButton({ member, onReadmit }: { member: ListedMember; onReadmit: (member: ListedMember) => void }) {
  const { name } = member;
  return (
    <ConfirmDialog
      trigger="Lost wallet"
      triggerKind="link"
      title={<Words>{`Admit ${quote(name)} again?`}</Words>}
      confirm="Admit again"
      onConfirm={() => onReadmit(member)}
    >
      <p>
        First ask for the 24 words: they bring the wallet back without you. Otherwise <PersonName name={name} /> gets a fresh invitation,
        and the next roll no longer holds the old membership. The new one stands only in a roll in which the old one does not.
      </p>
      <p>
        Statements that are open keep the old one. A stolen wallet can sign them until they end, nobody can revoke it; and{' '}
        <PersonName name={name} /> cannot sign them with the new one.
      </p>
    </ConfirmDialog>
  );
}

function StrikeButton({ member, onStrike }: { member: ListedMember; onStrike: (member: ListedMember) => void }) {
  const { name } = member;
  return (
    <ConfirmDialog
      trigger="Remove"
      triggerKind="link"
      title={<Words>{`Remove ${quote(name)}?`}</Words>}
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
          end; nobody can revoke it.
        </p>
      )}
    </ConfirmDialog>
  );
}
