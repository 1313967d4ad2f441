'use client';

import { type PageErrorProps, PageFailed } from '#app/ui/page-failed.tsx';

/** Shown in place of the page on which somebody takes a signature back. */
export default function WithdrawError(props: PageErrorProps) {
  return (
    <PageFailed
      {...props}
      lost="Your membership stays in this browser. If you had pressed “Take my signature back”, that may have arrived. Press it again to find out: it does no harm."
    />
  );
}
