import type { ReactNode } from 'react';
import type { Invitation } from '../../lib/protocol/enrolment.ts';
import { KeyFingerprint } from '../ui/key-fingerprint.tsx';
import { Columns, PageHead, Section } from '../ui/page-parts.tsx';
import { ThreeFacts } from '../ui/three-facts.tsx';
import { Attestation } from './attestation.tsx';

interface InvitationOfferProps {
  invitation: Invitation;
  /** Memberships that this browser holds already; null where it has no identity yet or it is locked. */
  memberships: number | null;
  /** The button, or what stands in its way. */
  children: ReactNode;
}

/** What is offered, in the order in which a person has to decide: as whom, what leaves the device, to whom. */
export function InvitationOffer({ invitation, memberships, children }: InvitationOfferProps) {
  const { group, name } = invitation;
  return (
    <>
      <PageHead
        kicker="You are invited to join"
        title={group.name}
        lead={<p>Its members can sign statements together, and nobody is seen to have signed until enough of them have.</p>}
      />
      <Columns
        main={
          <>
            <Attestation name={name} />
            <p>
              The group’s issuer vouches for these words, and they cannot be changed later. If they are wrong, or not how you would stand by
              a letter, do not join: ask for another invitation.
            </p>
            {children}
            <ThreeFacts
              leaves="A sealed reply that only the issuer can open. Your name and your secret stay here."
              sees="This site sees that an invitation was taken up, not by whom. The issuer sees that you accepted, and will not see what you sign."
              when="When you press the button. Your name is published only if a statement you sign is revealed."
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
            <Section title="What this browser will keep">
              {memberships === null ? (
                <p>
                  A secret that it makes for you now. There is no account, and no copy anywhere until you save one. If you have joined a
                  group in another browser, move that membership here first, so that you count once everywhere:{' '}
                  <a href="/wallet#restore">bring it from a file</a>.
                </p>
              ) : (
                <p>
                  It already keeps your secret, and {memberships === 1 ? 'one membership' : `${memberships} memberships`}. The same secret
                  is used again, so that you count once everywhere. The issuers cannot tell from it that you are the same person.
                </p>
              )}
            </Section>
          </>
        }
      />
    </>
  );
}
