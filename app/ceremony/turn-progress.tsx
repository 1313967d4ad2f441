'use client';

import type { TurnReport } from '#lib/browser/ceremony-turn.ts';
import { Button } from '../ui/button.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { ProgressBar, StagedProgress } from '../ui/progress.tsx';
import css from './ceremony.module.css';

const STAGES = [
  'Fetching the key and what it rests on',
  'Verifying everything before you',
  'Adding your secret',
  'Handing on the new key',
  'The site checks it',
] as const;
const STAGE_OF = { fetching: 0, verifying: 1, contributing: 2, sending: 3, checking: 4 } as const;
const MEGABYTE = 1_000_000;

/** A turn while it lasts: the place in the queue, then each stage of the work. */
export function TurnProgress({ report, links, onCancel }: { report: TurnReport; links: readonly string[]; onCancel: () => void }) {
  if (report.stage === 'waiting') {
    return (
      <Stack>
        <ProgressBar label="Waiting for your turn" {...(report.ahead === null ? {} : { detail: aheadWords(report.ahead) })} />
        <p role="status">
          {report.ahead
            ? 'Keep this tab open and in sight. Your part begins by itself when those before you are done or have left.'
            : 'Keep this tab open and in sight. Your part begins by itself.'}
        </p>
        <div>
          <Button kind="secondary" onClick={onCancel}>
            Give up my place
          </Button>
        </div>
      </Stack>
    );
  }
  return (
    <Stack>
      <StagedProgress
        label="Your contribution"
        stages={STAGES}
        current={STAGE_OF[report.stage]}
        {...(report.stage === 'checking' ? {} : { onCancel })}
        cancelLabel="Stop"
      />
      <p className={css.detail} role="status">
        {detailOf(report, links)}
      </p>
    </Stack>
  );
}

function detailOf(report: TurnReport, links: readonly string[]): string {
  if (report.stage === 'fetching') return `${(report.bytes / MEGABYTE).toFixed(1)} MB fetched.`;
  return report.stage === 'verifying' ? verifyingWords(links) : '';
}

function verifyingWords(links: readonly string[]): string {
  const holds = links.length > 0 ? `Holds: ${links.join(', ')}. ` : '';
  return links.includes('initial key') ? holds : `${holds}Deriving the first key again takes longest.`;
}

function aheadWords(ahead: number): string {
  return ahead === 1 ? '1 before you' : `${ahead} before you`;
}
