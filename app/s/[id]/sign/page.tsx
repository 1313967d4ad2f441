import type { Metadata } from 'next';
import Link from 'next/link';
import { PageHead } from '../../../ui/page-parts.tsx';
import { PersonName } from '../../../ui/person-name.tsx';
import { loadView } from '../load-view.ts';
import { SignStatement } from './sign-statement.tsx';

type Params = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: 'Sign' };

/** Where a member signs. The server only says which statement; all the rest happens in the signer's browser, without a session. */
export default async function SignPage({ params }: Params) {
  const { view } = await loadView((await params).id);
  return (
    <>
      <PageHead
        kicker={
          <Link href={`/s/${view.id}`} prefetch={false}>
            <PersonName name={view.title} />
          </Link>
        }
        title="Sign"
        lead={<p>Your browser checks everything first. Nothing leaves it until you press the button.</p>}
      />
      <SignStatement id={view.id} />
    </>
  );
}
