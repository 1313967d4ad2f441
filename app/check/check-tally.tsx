'use client';

import { verifyTally } from '#lib/browser/tallies.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { ProgressBar } from '../ui/progress.tsx';
import { useReading } from '../ui/use-reading.ts';
import { TallyResult } from './tally-result.tsx';

/** Checks the file with which an asker shows how many members answered, in a worker, and shows what came out. */
export function CheckTally({ file, onAgain }: { file: Blob; onAgain: () => void }) {
  const { value: report, error, stop } = useReading((signal) => verifyTally(file, signal), [file]);

  const again = (
    <Button kind="secondary" onClick={onAgain}>
      Check something else
    </Button>
  );
  if (error !== undefined) {
    const title = error instanceof Error ? error.message : 'It could not be read.';
    return <Notice kind="warning" live title={title} lost="Nothing has been said about the file." action={again} />;
  }
  if (!report)
    return (
      <Stack>
        <ProgressBar label="Checking every answer" />
        <div>
          <Button kind="secondary" onClick={() => stop(new Error('The check was stopped.'))}>
            Cancel
          </Button>
        </div>
      </Stack>
    );
  return (
    <Stack gap="wide">
      <TallyResult report={report} />
      <div>{again}</div>
    </Stack>
  );
}
