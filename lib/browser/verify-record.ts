import 'client-only';
import { threadsFor } from '#lib/checking/thread-count.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { withTiedWorkers } from './tied-workers.ts';
import type { VerifyingReport, VerifyingRequest } from './verifying-worker.ts';
import { callWorker } from './worker-call.ts';

const LIMIT_MS = 3_600_000;

/**
 * Checks a whole record in workers, on all cores but the page's, from a file of the person's or from this site by statement id. Reports come at most ten
 * times a second.
 * @throws the signal's reason, or an Error with a sentence when there is no record to be read
 */
export async function verifyRecord(
  source: { statement: string } | { file: Blob },
  options: { signal?: AbortSignal; onReport?: (report: VerifyingReport) => void } = {},
): Promise<RecordReport> {
  const count = threadsFor(navigator.hardwareConcurrency);
  const start = () => new Worker(new URL('./checking-worker.ts', import.meta.url), { type: 'module' });
  return withTiedWorkers({ count, start, what: 'check', signal: options.signal }, async (ports, signal) => {
    const worker = new Worker(new URL('./verifying-worker.ts', import.meta.url), { type: 'module' });
    const request: VerifyingRequest = { source: 'file' in source ? source.file : recordPath(source.statement), ports };
    try {
      return await callWorker<VerifyingRequest, VerifyingReport, RecordReport>(worker, request, {
        ...options,
        signal,
        timeoutMs: LIMIT_MS,
        transfer: ports,
      });
    } finally {
      worker.terminate();
    }
  });
}

/** Where a statement's record can be downloaded from this site. */
export function recordPath(statement: string): string {
  return `/api/anonymous/statements/${statement}/record`;
}
