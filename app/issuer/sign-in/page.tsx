import type { Metadata } from 'next';
import Link from 'next/link';
import { BrowserGate } from '#app/ui/browser-gate.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { PageHead, Section, Stack } from '#app/ui/page-parts.tsx';
import { getContext } from '#lib/server/current-context.ts';
import { AskForLink } from './ask-for-link.tsx';
import { EnterByPasskey } from './enter-by-passkey.tsx';

export const metadata: Metadata = { title: 'Sign in as an issuer', referrer: 'no-referrer' };

const NEWCOMERS = {
  anybody: 'Anybody may become an issuer on this site: the first sign-in makes the account.',
  approved: 'Whoever runs this site approves new issuers by their addresses. Ask them first: until then no link is sent.',
  closed: 'This site takes no new issuers. Who has an account can still sign in.',
};

/** Where an issuer asks for a sign-in link. */
export default async function SignInPage() {
  const { mail, newIssuers } = await getContext();
  const { way } = mail;
  return (
    <>
      <PageHead
        title="Sign in as an issuer"
        lead={<p>For organisations that vouch for who people are. Members do not sign in: an invitation is all that they need.</p>}
      />
      <Stack gap="wide">
        {way === 'mailbox' && (
          <Notice
            kind="warning"
            title="For trial only: this site has no mail server."
            todo={
              <>
                What it would send lies in{' '}
                <Link prefetch={false} href="/issuer/mailbox">
                  its own mailbox
                </Link>
                , which everybody who can open this site can read.
              </>
            }
          />
        )}
        {way === 'none' ? (
          <Notice
            kind="info"
            title="This site sends no mails."
            todo="Whoever runs it can print a link that signs you in (npm run issuer-link), or give it a mail server (SMTP_URL)."
          />
        ) : (
          <BrowserGate>
            <AskForLink />
          </BrowserGate>
        )}
        <Section title="If you have a passkey">
          <BrowserGate>
            <EnterByPasskey />
          </BrowserGate>
        </Section>
        <Section title="If you are new here">
          <p>{NEWCOMERS[newIssuers]}</p>
        </Section>
        <Section title="If you run this site">
          <p>A link that signs you in was printed when it was started; npm run issuer-link prints another.</p>
        </Section>
      </Stack>
    </>
  );
}
