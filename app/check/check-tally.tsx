'use client';

import { useEffect, useRef, useState } from 'react';
import { verifyTally } from '#lib/browser/tallies.ts';
import type { TallyReport } from '#lib/checking/check-tally.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { ProgressBar } from '../ui/progress.tsx';
import { TallyResult } from './tally-result.tsx';

type State = { at: 'checking' } | { at: 'stopped'; text: string } | { at: 'done'; report: TallyReport };

/** Checks the file with which an asker shows how many members answered, in a worker, and shows what came out. */
export function CheckTally({ file, onAgain }: { file: Blob; onAgain: () => void }) {
  const [state, setState] = useState<State>({ at: 'checking' });
  const abort = useRef<AbortController>(null);

  useEffect(() => {
    const leaving = new AbortController();
    abort.current = leaving;
    verifyTally(file, leaving.signal).then(
      (report) => setState({ at: 'done', report }),
      (error: unknown) => {
        if (leaving.signal.reason !== LEFT)
          setState({ at: 'stopped', text: error instanceof Error ? error.message : 'It could not be read.' });
      },
    );
    return () => leaving.abort(LEFT);
  }, [file]);

  const again = (
    <Button kind="secondary" onClick={onAgain}>
      Check something else
    </Button>
  );
  switch (state.at) {
    case 'checking':
      return (
        <Stack>
          <ProgressBar label="Checking every answer" />
          <div>
            <Button kind="secondary" onClick={() => abort.current?.abort(new Error('The check was stopped.'))}>
              Cancel
            </Button>
          </div>
        </Stack>
      );
    case 'stopped':
      return <Notice kind="warning" live title={state.text} lost="Nothing has been said about the file." action={again} />;
    case 'done':
      return (
        <Stack gap="wide">
          <TallyResult report={state.report} />
          <div>{again}</div>
        </Stack>
      );
  }
}

/** Why a check ends when nobody looks at it any more. */
const LEFT = new Error('left');
