import type { Metadata } from 'next';
import Link from 'next/link';
import { MeantAddressNotice } from './meant-address.tsx';

export const metadata: Metadata = { title: 'Not here', referrer: 'no-referrer' };

/** For addresses that lead nowhere. */
export default function NotFound() {
  return (
    <MeantAddressNotice>
      <h1>There is nothing at this address</h1>
      <p>
        Part of the link may be missing: invitations and statement links are long, and some programs cut them in two. Nothing of yours is
        lost. Try the whole link once more, or ask for it again.
      </p>
      <p>
        <Link href="/">All statements</Link>
      </p>
    </MeantAddressNotice>
  );
}
