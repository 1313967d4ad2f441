import 'client-only';
import { threadsFor } from '#lib/checking/thread-count.ts';
import type { RecordReport } from '#lib/protocol/record/record-report.ts';
import type { CheckingTask } from './checking-worker.ts';
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
  const worker = new Worker(new URL('./verifying-worker.ts', import.meta.url), { type: 'module' });
  const others = Array.from({ length: threadsFor(navigator.hardwareConcurrency) }, startOther);
  const ports = others.map(({ port }) => port);
  const request: VerifyingRequest = { source: 'file' in source ? source.file : recordPath(source.statement), ports };
  const failing = new AbortController();
  for (const other of others)
    other.worker.addEventListener('error', () => failing.abort(new Error('A part of the check ended before it was finished.')));
  const signal = options.signal ? AbortSignal.any([options.signal, failing.signal]) : failing.signal;
  try {
    return await callWorker(worker, request, { ...options, signal, timeoutMs: LIMIT_MS, transfer: ports });
  } finally {
    for (const { worker: other } of others) other.terminate();
    worker.terminate();
  }
}

function startOther(): { worker: Worker; port: MessagePort } {
  const worker = new Worker(new URL('./checking-worker.ts', import.meta.url), { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ port: port2 } satisfies CheckingTask, [port2]);
  return { worker, port: port1 };
}

/** Where a statement's record can be downloaded from this site. */
export function recordPath(statement: string): string {
  return `/api/anonymous/statements/${statement}/record`;
}
