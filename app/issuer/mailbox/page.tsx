import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Notice } from '#app/ui/notice.tsx';
import { PageHead, Section, Stack } from '#app/ui/page-parts.tsx';
import { getContext } from '#lib/server/current-context.ts';
import { MailText } from './mail-text.tsx';

export const metadata: Metadata = { title: 'Mailbox of this trial', robots: { index: false, follow: false }, referrer: 'no-referrer' };

/** What a trial without a mail server would have sent. Elsewhere there is no such page. */
export default async function MailboxPage() {
  const { mail } = await getContext();
  if (mail.way !== 'mailbox') notFound();
  const mails = mail.mailbox();
  return (
    <>
      <PageHead
        title="Mailbox of this trial"
        lead={<p>This site has no mail server, so its mails end here. They are gone when it stops.</p>}
      />
      <Stack gap="wide">
        <Notice kind="warning" title="For trial only: everybody who can open this site can read these mails, and sign in with them." />
        {mails.length === 0 && <p>No mail yet. Load this page again after asking for one.</p>}
        {mails.map((one) => (
          <Section key={one.text} title={one.subject}>
            <p>
              To <bdi translate="no">{one.to}</bdi>
            </p>
            <MailText text={one.text} />
          </Section>
        ))}
      </Stack>
    </>
  );
}
