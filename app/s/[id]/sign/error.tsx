'use client';

import { type PageErrorProps, PageFailed } from '#app/ui/page-failed.tsx';

/** Shown in place of the page on which somebody signs. */
export default function SignError(props: PageErrorProps) {
  return (
    <PageFailed
      {...props}
      lost="Your membership stays in this browser. If you had pressed “Seal my name and sign”, your signature may have arrived. Sign again to find out: it cannot count twice."
    />
  );
}
