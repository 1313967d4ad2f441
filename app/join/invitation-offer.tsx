import type { ReactNode } from 'react';
import type { Invitation } from '#lib/protocol/member/enrolment.ts';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { PageColumns, PageHead, Section } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { AttestedDetails } from './attestation.tsx';

interface InvitationOfferProps {
  invitation: Invitation;
  /** What becomes of this browser's identity, or nothing while it is not known. */
  kept: ReactNode;
  /** The button, or what stands in its way. */
  children: ReactNode;
}

/** What is offered, in the order in which a person has to decide: as whom, what leaves the device, to whom. */
export function InvitationOffer({ invitation, kept, children }: InvitationOfferProps) {
  const { group, name } = invitation;
  return (
    <>
      <PageHead
        kicker="You are invited to join"
        title={group.name}
        lead={<p>Its members can sign statements together, and nobody is seen to have signed until enough of them have.</p>}
      />
      <PageColumns
        main={
          <>
            <AttestedDetails name={name} />
            <p>
              The group’s issuer vouches for these words, and they cannot be changed later. If they are wrong, or not how you would sign a
              letter, do not join: ask for another invitation.
            </p>
            {children}
            <ThreeFacts
              leaves="A sealed reply that only the issuer can open, also later, also for whoever finds this link. Your secret stays here."
              sees="This site sees that an invitation was taken up, not by whom. The issuer sees that you accepted, keeps what seals your name in each roll, and will not see what you sign."
              when="When you press the button, and never again: the link admits once, and whoever answers first with all of it is admitted. Your name is published only if a statement you sign is revealed."
            />
          </>
        }
        beside={
          <>
            <Section title="Who invites you">
              <p>The issuer who holds the key with this fingerprint:</p>
              <p>
                <KeyFingerprint hex={group.issuer} whose="Issuer’s key" />
              </p>
              <p>
                This browser will remember the key, so that nobody can put another in its place. If the issuer has published it somewhere,
                compare a few digits.
              </p>
            </Section>
            {kept && <Section title="What this browser will keep">{kept}</Section>}
          </>
        }
      />
    </>
  );
}
