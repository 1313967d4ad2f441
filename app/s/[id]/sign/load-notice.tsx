'use client';

import { Button } from '#app/ui/button.tsx';
import { Notice } from '#app/ui/notice.tsx';
import { ProgressBar } from '#app/ui/progress.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import type { Refusal } from './refusal-words.ts';

/** What is fetched and checked on this device before anything of it is shown. */
export type NotLoaded =
  | { at: 'checking' }
  | { at: 'refused'; refusal: Refusal }
  | { at: 'unreachable'; message: string; retry: () => void };

/** How far the fetching and checking is, or what is wrong. `what` is checked, e.g. "the statement". */
export function LoadNotice({ load, what }: { load: NotLoaded; what: string }) {
  switch (load.at) {
    case 'checking':
      return <ProgressBar label={`Fetching ${what} and checking it on this device`} />;
    case 'refused':
      return <RefusalNotice refusal={load.refusal} />;
    case 'unreachable':
      return (
        <Notice
          kind="error"
          live
          title={load.message}
          lost="Nothing was sent."
          action={
            <Button kind="secondary" onClick={load.retry}>
              Try again
            </Button>
          }
        />
      );
  }
}
