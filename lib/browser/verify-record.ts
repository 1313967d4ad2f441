import 'client-only';
import type { ReadingNews } from '#lib/checking/check-with-room.ts';
import { threadsFor } from '#lib/checking/thread-count.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import type { JobOptions } from '#lib/room/room.ts';
import type { CheckingJobs } from './checking-worker.ts';
import { workApart } from './work-apart.ts';

const LIMIT_MS = 3_600_000;

/**
 * Checks a whole record in workers, on all cores but the page's, from a file of the person's or from this site by statement id.
 * @throws the signal's reason, or RoomError with a sentence when there is no record to be read
 */
export function verifyRecord(source: { statement: string } | { file: Blob }, options: JobOptions<ReadingNews> = {}): Promise<RecordReport> {
  const start = () => new Worker(new URL('./checking-worker.ts', import.meta.url), { type: 'module' });
  const helpers = { start, count: threadsFor(navigator.hardwareConcurrency) };
  const { run } = workApart<CheckingJobs>({ start, helpers, timeLimitMs: LIMIT_MS });
  return run('read', 'file' in source ? source.file : recordPath(source.statement), options);
}

/** Where a statement's record can be downloaded from this site. */
export function recordPath(statement: string): string {
  return `/api/anonymous/statements/${statement}/record`;
}
