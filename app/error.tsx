'use client';

import { BrowserGate } from './ui/browser-gate.tsx';
import { Button } from './ui/button.tsx';
import { Notice } from './ui/notice.tsx';

/** Shown in place of a page that failed while it was being made. */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error && typeof error.digest === 'string' ? error.digest : undefined;
  return (
    <>
      <h1>This page could not be shown</h1>
      <BrowserGate>{null}</BrowserGate>
      <Notice
        kind="error"
        title="Something failed while it was being made."
        lost="Nothing was lost: memberships stay in this browser, and whatever was signed stays on its board."
        todo="Try again in a moment. If it keeps happening, tell whoever runs this site, with the small code below."
        code={digest}
        action={
          <Button kind="secondary" onClick={retry}>
            Try again
          </Button>
        }
      />
    </>
  );
}
