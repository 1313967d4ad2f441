import 'client-only';
import type { RecordReport } from '../protocol/record-report.ts';
import type { VerifyingReport, VerifyingRequest } from './verifying-worker.ts';
import { callWorker } from './worker-call.ts';

const LIMIT_MS = 3_600_000;

/**
 * Checks a whole record in a worker, from a file of the person's or from this site by statement id. Reports come at most ten
 * times a second.
 * @throws the signal's reason, or an Error with a sentence when there is no record to be read
 */
export async function verifyRecord(
  source: { statement: string } | { file: Blob },
  options: { signal?: AbortSignal; onReport?: (report: VerifyingReport) => void } = {},
): Promise<RecordReport> {
  const request: VerifyingRequest = { source: 'file' in source ? source.file : recordPath(source.statement) };
  const worker = new Worker(new URL('./verifying-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await callWorker(worker, request, { ...options, timeoutMs: LIMIT_MS });
  } finally {
    worker.terminate();
  }
}

/** Where a statement's record can be downloaded from this site. */
export function recordPath(statement: string): string {
  return `/api/anonymous/statements/${statement}/record`;
}
