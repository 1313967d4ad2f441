'use client';

import { type PageErrorProps, PageFailed } from './ui/page-failed.tsx';

/** Shown in place of a page that failed while it was being made. */
export default function PageError(props: PageErrorProps) {
  return <PageFailed {...props} lost="Nothing was lost: memberships stay in this browser, and whatever was signed stays on its board." />;
}
