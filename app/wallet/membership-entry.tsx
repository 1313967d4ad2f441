import { groupId } from '#lib/protocol/member/group.ts';
import type { KeyFate } from '#lib/protocol/member/key-end.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import type { Membership } from '#lib/protocol/member/wallet-file.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { AttestedDetails } from '../join/attestation.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { KeyFateNotice } from '../ui/key-fate.tsx';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { PersonName } from '../ui/person-name.tsx';
import { Time } from '../ui/time.tsx';
import { Words } from '../ui/words.tsx';
import type { RollFinding } from './find-in-roll.ts';
import css from './membership-list.module.css';

interface MembershipEntryProps {
  membership: Membership;
  /** What became of the issuer's key, as far as this site says. */
  fate: KeyFate | null;
  finding: RollFinding | undefined;
  searching: boolean;
  onForget: () => void;
}

/** One membership: what would be read, of which group, and what the last look into its roll found. */
export function MembershipEntry({ membership, fate, finding, searching, onForget }: MembershipEntryProps) {
  const { group, name, platform } = membership;
  const isHere = platform === location.origin;
  return (
    <li className={css.entry}>
      <h2 className={css.group}>
        {isHere ? (
          <a href={`/groups/${groupId(group)}`}>
            <PersonName name={group.name} />
          </a>
        ) : (
          <PersonName name={group.name} />
        )}
      </h2>
      <AttestedDetails name={name} plain />
      {fate && <KeyFateNotice fate={fate} group={group.name} live />}
      <FactList
        facts={[
          {
            term: 'Current roll',
            value: (
              <span role="status">
                {searching ? (
                  <span key="looking">Looking …</span>
                ) : isHere ? (
                  <FindingWords finding={finding} name={name} />
                ) : (
                  <span key="elsewhere">{`Kept at ${platform}: look there.`}</span>
                )}
              </span>
            ),
          },
          { term: 'Issuer’s key', value: <KeyFingerprint hex={group.issuer} whose="Issuer’s key" /> },
        ]}
      />
      <ConfirmDialog
        trigger="Forget this membership"
        triggerKind="link"
        title="Forget this membership?"
        confirm="Forget it"
        onConfirm={onForget}
      >
        <p>
          This browser will no longer know that you belong to <PersonName name={group.name} />. You stay in the issuer’s roll, and the
          invitation cannot be used again: your words, the link of the group’s page and your name bring the membership back.
        </p>
      </ConfirmDialog>
    </li>
  );
}

const FIRST_SEEN = 'It is the first one that this wallet sees, so it cannot tell an older roll from the newest.';

/** "Roll 3 of 1 March 2027". */
function RollOf({ header }: { header: RollHeader }) {
  return (
    <>
      <span>{`Roll ${header.number} of `}</span>
      <Time at={header.time} detail="day" />
    </>
  );
}

function FindingWords({ finding, name }: { finding: RollFinding | undefined; name: string }) {
  if (!finding) return <span key="none">Not looked up yet.</span>;
  switch (finding.kind) {
    case 'found':
      return (
        <span key="found">
          You are in it, and so is your sealed name. <RollOf header={finding.header} />
          <span>{` holds ${countOf(finding.header.size, 'member', 'members')}, and you can sign. ${finding.isFirst ? FIRST_SEEN : ''}`}</span>
        </span>
      );
    case 'nameless':
      return (
        <span key="nameless">
          <strong>Do not sign with it.</strong> <RollOf header={finding.header} />{' '}
          <Words>{`holds you, but not your sealed name as ${quote(name)}: nobody could ever read that you signed. Tell the issuer, who has to publish another roll.`}</Words>
        </span>
      );
    case 'absent':
      return (
        <span key="absent">
          <strong>You are not in it.</strong> <RollOf header={finding.header} />{' '}
          <Words>{`does not hold you as ${quote(name)}. If you joined after that day, wait for the next roll; otherwise ask the issuer, who may have attested another name.`}</Words>
        </span>
      );
    case 'older':
      return (
        <span key="older">
          <strong>This is not the newest roll.</strong> <RollOf header={finding.header} /> is what this site shows, and this wallet has seen
          a newer one. Tell the issuer.
        </span>
      );
    case 'forked':
      return (
        <span key="forked">
          <strong>Do not sign.</strong> This site shows another history of the group than this wallet has seen: its issuer has signed two
          rolls of one number. Tell the issuer.
        </span>
      );
    case 'no-roll':
      return <span key="no-roll">The issuer has not published a roll yet.</span>;
    case 'unknown-group':
      return <span key="unknown">This site does not know the group any more. Ask the issuer.</span>;
    case 'broken':
      return (
        <span key="broken">
          <strong>Do not sign.</strong> What this site calls the roll was not signed by the issuer who invited you. Tell the issuer.
        </span>
      );
    case 'unreachable':
      return <span key="unreachable">{finding.message}</span>;
  }
}
