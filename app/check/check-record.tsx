'use client';

import { useState } from 'react';
import { verifyRecord } from '#lib/browser/verify-record.ts';
import type { ReadingNews } from '#lib/checking/check-with-room.ts';
import { RoomError } from '#lib/room/room.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Stack } from '../ui/page-parts.tsx';
import { useReading } from '../ui/use-reading.ts';
import { CheckProgressBar } from './check-progress.tsx';
import { CheckResult } from './check-result.tsx';

export type RecordSource = { statement: string } | { file: Blob };

interface CheckRecordProps {
  source: RecordSource;
  /** The hash that the record's statement must have. */
  expected?: string | undefined;
  onAgain: () => void;
}

/** Checks one record from beginning to end, in a worker, and shows how it goes and what came out. */
export function CheckRecord({ source, expected, onAgain }: CheckRecordProps) {
  const [news, setNews] = useState<ReadingNews | null>(null);
  const { value: report, error, stop } = useReading((signal) => verifyRecord(source, { signal, onNews: setNews }), [source]);

  const again = (
    <Button kind="secondary" onClick={onAgain}>
      Check again
    </Button>
  );
  if (error !== undefined)
    return <Notice kind="warning" live title={reasonOf(error)} lost="Nothing has been said about the record." action={again} />;
  if (!report) return <CheckProgressBar news={news} onCancel={() => stop(new Error('The check was stopped.'))} />;
  return (
    <Stack gap="wide">
      <CheckResult report={report} expected={expected} />
      <div>{again}</div>
    </Stack>
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof RoomError && error.code === 'TIME_LIMIT') return 'The check took longer than an hour and was stopped.';
  return error instanceof Error && error.message ? error.message : 'The record could not be read.';
}
