'use client';

import { type PageErrorProps, PageFailed } from '#app/ui/page-failed.tsx';

/** Shown in place of the page on which somebody adds to a key. */
export default function CeremonyError(props: PageErrorProps) {
  return (
    <PageFailed
      {...props}
      lost="The ceremony is as it was. If your contribution was not handed in yet, your place goes to the next person, and you can take another one."
    />
  );
}
