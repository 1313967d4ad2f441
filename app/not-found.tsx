import type { Metadata } from 'next';
import Link from 'next/link';

export const metadata: Metadata = { title: 'Not here' };

/** For addresses that lead nowhere. */
export default function NotFound() {
  return (
    <>
      <h1>There is nothing at this address</h1>
      <p>
        Part of the link may be missing: invitations and statement links are long, and some programs cut them in two. Nothing of yours is
        lost. Try the whole link once more, or ask for it again.
      </p>
      <p>
        <Link href="/">All statements</Link>
      </p>
    </>
  );
}
