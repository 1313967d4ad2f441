'use client';

import { Notice } from '#app/ui/notice.tsx';
import { Stack } from '#app/ui/page-parts.tsx';
import { StagedProgress } from '#app/ui/progress.tsx';
import { FocusHere } from './focus-here.tsx';
import { type Signing, STAGES } from './use-signing.ts';

interface WorkingProps {
  label: string;
  signing: Extract<Signing, { at: 'working' }>;
  onCancel: (() => void) | undefined;
}

/** While a proof is made and handed in. */
export function Working({ label, signing, onCancel }: WorkingProps) {
  return (
    <FocusHere>
      <Stack>
        <StagedProgress label={label} stages={STAGES} current={signing.stage} done={signing.done} onCancel={onCancel} />
        {signing.waiting !== undefined && (
          <Notice
            kind="info"
            live
            title="The site has more to check than it can at the moment."
            lost="What you made is ready and nothing of it is lost."
            todo={`This page tries again by itself in ${signing.waiting} ${signing.waiting === 1 ? 'second' : 'seconds'}. Leave it open.`}
          />
        )}
      </Stack>
    </FocusHere>
  );
}
