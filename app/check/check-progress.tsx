'use client';

import type { ReadingNews } from '#lib/checking/check-with-room.ts';
import { askOfStep } from '#lib/checking/describe-report.ts';
import { groupDigits } from '#lib/protocol/messages/count-of.ts';
import { STEPS } from '#lib/protocol/record/report.ts';
import { Button } from '../ui/button.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { ProgressBar } from '../ui/progress.tsx';
import css from './check.module.css';
import { STEP_NAMES } from './failure-words.ts';

/** The checks while they run: how far through the file, how many of each kind, and failures as soon as they are found. */
export function CheckProgressBar({ news, onCancel }: { news: ReadingNews | null; onCancel: () => void }) {
  const progress = news?.progress;
  const done = news?.total ? news.progress.bytes / news.total : undefined;
  return (
    <Stack>
      <ProgressBar label="Checking the record" done={done} detail={progress ? `${groupDigits(progress.lines)} lines` : undefined} />
      <ol className={css.steps}>
        {STEPS.map((step) => {
          const checked = progress?.checked[step] ?? 0;
          const failed = progress?.failed[step] ?? 0;
          return (
            <li key={step} className={failed > 0 ? css.failed : checked > 0 ? css.running : css.coming}>
              <strong>{STEP_NAMES[step]}</strong>
              <span className={css.count}>{checked > 0 && groupDigits(checked)}</span>
              <span className={css.sentence}>{askOfStep(step)}</span>
            </li>
          );
        })}
      </ol>
      <div>
        <Button kind="secondary" onClick={onCancel}>
          Stop
        </Button>
      </div>
    </Stack>
  );
}
