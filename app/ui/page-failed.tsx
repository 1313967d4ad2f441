'use client';

import { BrowserGate } from './browser-gate.tsx';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** What Next gives whatever stands in place of a page that failed. */
export interface PageErrorProps {
  error: unknown;
  retry: () => void;
}

/** In place of a page that failed: what became of the reader's things, and what to do. @param lost differs by what people do there */
export function PageFailed({ error, retry, lost }: PageErrorProps & { lost: string }) {
  const digest = error instanceof Error && 'digest' in error && typeof error.digest === 'string' ? error.digest : undefined;
  return (
    <>
      <h1>This page could not be shown</h1>
      <BrowserGate>{null}</BrowserGate>
      <Notice
        kind="error"
        title="Something failed while it was being made."
        lost={lost}
        todo="Try again in a moment. If it keeps happening, tell whoever runs this site, with the small code below."
        {...(digest ? { code: digest } : {})}
        action={
          <Button kind="secondary" onClick={retry}>
            Try again
          </Button>
        }
      />
    </>
  );
}
