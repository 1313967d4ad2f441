import { Worker } from 'node:worker_threads';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import type { AcceptedKey } from './accepted-keys.ts';
import type { CheckProgress } from './check-record.ts';
import { isOutOfMemory, type ReadingNews, THREAD_LIMITS, type ThreadTask } from './check-thread.ts';

/** Why there is no report. `message` is a sentence for a person. */
export class CheckFailed extends Error {
  readonly kind: 'misuse' | 'unreadable' | 'memory' | 'cancelled' | 'other';

  constructor(kind: CheckFailed['kind'], message: string) {
    super(message);
    this.name = 'CheckFailed';
    this.kind = kind;
  }
}

export type ThreadedCheck = {
  /** Absolute path of a file, or an address. */
  place: string;
  accepted: readonly AcceptedKey[];
  /** Threads for what takes long, beside the one that reads. */
  threads: number;
  /** The script of the threads. */
  file: string;
  signal?: AbortSignal;
  onProgress?: (progress: CheckProgress, total: number | null) => void;
};

const OUT_OF_MEMORY =
  'The check ran out of the memory that it may use, so nothing is known of this record. Give it more (node --max-old-space-size=500).';

/**
 * Checks a record on several threads of Node. The calling thread stays free, so that it can cancel at once and outlives a
 * thread that runs out of memory.
 * @throws CheckFailed when there is nothing to judge, or the check could not be finished
 */
export function checkInThreads({ place, accepted, threads, file, signal, onProgress }: ThreadedCheck): Promise<RecordReport> {
  const { promise, resolve, reject } = Promise.withResolvers<RecordReport>();
  if (signal?.aborted) return Promise.reject(new CheckFailed('cancelled', 'Cancelled: nothing is known of this record.'));
  const reader = new Worker(file, {
    workerData: { role: 'read', place, accepted, threads, file } satisfies ThreadTask,
    resourceLimits: THREAD_LIMITS,
  });
  reader.on('message', (news: ReadingNews) => {
    if (news.type === 'progress') onProgress?.(news.progress, news.total);
    else if (news.type === 'report') resolve(news.report);
    else reject(new CheckFailed(news.kind, news.kind === 'memory' ? OUT_OF_MEMORY : news.message));
  });
  reader.on('error', (error) =>
    reject(isOutOfMemory(error) ? new CheckFailed('memory', OUT_OF_MEMORY) : new CheckFailed('other', String(error))),
  );
  reader.on('exit', () => reject(new CheckFailed('other', 'The check ended before it was finished.')));
  const cancel = () => reject(new CheckFailed('cancelled', 'Cancelled: nothing is known of this record.'));
  signal?.addEventListener('abort', cancel, { once: true });
  return promise.finally(() => {
    signal?.removeEventListener('abort', cancel);
    return reader.terminate();
  });
}
