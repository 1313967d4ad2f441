'use client';

import { type PageErrorProps, PageFailed } from '#app/ui/page-failed.tsx';

/** Shown in place of the pages of an issuer. */
export default function IssuerError(props: PageErrorProps) {
  return (
    <PageFailed
      {...props}
      lost="Nothing was lost: your key and your rosters stay in this browser, and what this site has not confirmed can be sent again."
    />
  );
}
