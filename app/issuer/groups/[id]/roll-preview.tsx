import { compareRolls } from '#app/issuer/roll-changes.ts';
import { someOf } from '#app/issuer/some-of.ts';
import { Button, ButtonRow } from '#app/ui/button.tsx';
import { FactList } from '#app/ui/fact-list.tsx';
import { KeyFingerprint } from '#app/ui/key-fingerprint.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { PersonName } from '#app/ui/person-name.tsx';
import { ThreeFacts } from '#app/ui/three-facts.tsx';
import { Time } from '#app/ui/time.tsx';
import type { IssuedGroup } from '#lib/issuing/issuer-file.ts';
import { ANONYMITY_COMFORT, ANONYMITY_FLOOR } from '#lib/protocol/member/roll.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';

const MOST_NAMES = 12;

interface RollPreviewProps {
  before: IssuedGroup;
  /** The group with its new roll, which is signed and not published. */
  after: IssuedGroup;
  onPublish: () => void;
  onBack: () => void;
}

/** Exactly what will be public, and for the issuer alone who comes and goes. */
export function RollPreview({ before, after, onPublish, onBack }: RollPreviewProps) {
  const header = after.lastRoll;
  if (!header) throw new TypeError('"after" must have a roll');
  const { joining, leaving, staying, leftOut, unknown } = compareRolls(before, after);
  return (
    <>
      <h3>What becomes public</h3>
      <FactList
        facts={[
          { term: 'Group', value: <PersonName name={header.group.name} /> },
          { term: 'Roll', value: `Number ${header.number}` },
          { term: 'Date', value: <Time at={header.time} /> },
          { term: 'Size', value: countOf(header.size, 'member', 'members') },
          {
            term: 'The members',
            value: `${countOf(header.size, 'long number', 'long numbers')}, one for each, and as many fingerprints of sealed names. They do not tell who is who, not even to somebody who guesses the names.`,
          },
          {
            term: 'Trustees',
            value:
              header.trustees.length === 0
                ? 'None that you recognise'
                : `${countOf(header.trustees.length, 'key', 'keys')} that you recognise`,
          },
          { term: 'Signed with', value: <KeyFingerprint hex={header.group.issuer} whose="Your key" /> },
        ]}
      />
      <h3>What trustees get</h3>
      <p>
        <span>{`${countOf(header.size, 'sealed name', 'sealed names')}. `}</span>
        Each opens only for those who have opened that member’s signature in a statement that is revealed. This site keeps them for the
        trustees and cannot open them either.
      </p>
      <h3>Only you see this</h3>
      <FactList
        facts={[
          { term: 'Joining', value: joining.length === 0 ? 'Nobody' : <PersonName name={someOf(joining, MOST_NAMES)} /> },
          { term: 'Leaving', value: leaving.length === 0 ? 'Nobody' : <PersonName name={someOf(leaving, MOST_NAMES)} /> },
          { term: 'Staying', value: countOf(staying, 'member', 'members') },
        ]}
      />
      {leftOut.length > 0 && (
        <Notice
          kind="warning"
          title={`${countOf(leftOut.length, 'person is', 'people are')} left out of this roll.`}
          lost="Your keystore lacks part of what they replied, or they replied with the membership of somebody else. Without it nobody could ever read their names."
          todo="They get new invitations, under “Members and invitations”. Send them their links: the old ones admit nobody any more."
        >
          <p>
            <PersonName name={someOf(leftOut, MOST_NAMES)} />
          </p>
        </Notice>
      )}
      {unknown > 0 && (
        <Notice
          kind="warning"
          title={`${countOf(unknown, 'member', 'members')} of the last roll ${unknown === 1 ? 'is' : 'are'} left out, because this keystore does not know them.`}
          lost="They joined after the copy was saved from which this keystore was restored."
          todo="Invite them anew: whoever finds that they cannot sign will come to you."
        />
      )}
      {header.trustees.length === 0 && (
        <Notice
          kind="warning"
          title="You recognise no trustees."
          todo="Your members’ browsers would warn of every statement. Go back and choose some, unless that is what you want."
        />
      )}
      {header.size < ANONYMITY_FLOOR ? (
        <Notice
          kind="warning"
          title={`Fewer than ${ANONYMITY_FLOOR} members hide nobody.`}
          todo="You can publish the roll, but no statement can be opened with it. Wait for more people to accept."
        />
      ) : (
        header.size < ANONYMITY_COMFORT && (
          <Notice kind="info" title="In a group this small, people may guess who signed." todo="Members are told so before they sign." />
        )
      )}
      <ThreeFacts
        leaves="The list above, and the sealed names. Addresses and who has not replied stay here, and so do the names in the clear."
        sees="The list: everybody, for ever; rolls cannot be taken back, only followed by the next. The sealed names: this site and the trustees of statements."
        when="When you press the button. Then this site also deletes the sealed replies of those who are in."
      />
      <ButtonRow>
        <Button onClick={onPublish}>{`Sign and publish roll ${header.number}`}</Button>
        <Button kind="secondary" onClick={onBack}>
          Go back
        </Button>
      </ButtonRow>
    </>
  );
}
