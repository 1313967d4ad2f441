'use client';

import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { StagedProgress } from '#app/ui/progress.tsx';
import { countOf } from '#lib/protocol/messages/count-of.ts';
import { FocusHere } from './focus-here.tsx';
import type { ProofWork } from './use-prover.ts';

interface WorkingProps {
  label: string;
  stages: readonly string[];
  work: ProofWork;
  onCancel: (() => void) | undefined;
}

/** While a proof is made and handed in. */
export function Working({ label, stages, work, onCancel }: WorkingProps) {
  return (
    <FocusHere>
      <Stack>
        <StagedProgress label={label} stages={stages} current={work.stage} done={work.done} onCancel={onCancel} />
        {work.waiting !== undefined && (
          <Notice
            kind="info"
            live
            title="The site has more to check than it can at the moment."
            lost="What you made is ready and nothing of it is lost."
            todo={`This page tries again by itself in ${countOf(work.waiting, 'second', 'seconds')}. Leave it open.`}
          />
        )}
      </Stack>
    </FocusHere>
  );
}
