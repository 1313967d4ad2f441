'use client';

import { Button } from '#app/ui/button.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { ProgressBar } from '#app/ui/progress.tsx';
import type { IssuerJob } from '../../use-issuer-job.ts';

/** A bar while work runs, with the way out. */
export function JobProgress({ job, label }: { job: IssuerJob; label: string }) {
  if (!job.running) return null;
  return (
    <Stack>
      <ProgressBar label={label} done={job.share} detail={job.share === undefined ? undefined : `${Math.floor(job.share * 100)}\u00a0%`} />
      <div>
        <Button kind="secondary" onClick={() => job.stop()}>
          Stop
        </Button>
      </div>
    </Stack>
  );
}
