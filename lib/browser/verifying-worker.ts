import 'client-only';
import { type CheckProgress, checkRecord } from '../checking/check-record.ts';
import { createProofSystem } from '../checking/proof-system.ts';
import { chunksOf } from '../checking/split-lines.ts';
import type { RecordReport } from '../protocol/record-report.ts';
import { createArtifactFetch, manifest } from './artifacts.ts';
import { secureRandom } from './secure-random.ts';
import { serveWorker } from './worker-call.ts';

/** A record by its address on this site, or as a file of the person's. */
export type VerifyingRequest = { source: string | Blob };
export type VerifyingReport = CheckProgress & {
  /** Length of the whole record in bytes; absent where the server does not say. */ total?: number;
};

const PAUSE_MS = 100;

serveWorker<VerifyingRequest, VerifyingReport, RecordReport>(async ({ source }, report) => {
  const { stream, total } = await open(source);
  let last = 0;
  const onProgress = (progress: CheckProgress) => {
    const now = performance.now();
    if (now - last < PAUSE_MS) return;
    last = now;
    report(total === undefined ? progress : { ...progress, total });
  };
  const proofs = createProofSystem(manifest, createArtifactFetch(), secureRandom);
  return checkRecord(chunksOf(stream), proofs, { onProgress });
});

async function open(source: string | Blob): Promise<{ stream: ReadableStream<Uint8Array>; total?: number }> {
  if (source instanceof Blob) return { stream: source.stream(), total: source.size };
  const response = await fetch(source, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!response.ok || !response.body) throw new Error(`The site did not give out this record (status ${response.status}).`);
  const length = response.headers.get('Content-Encoding') ? null : response.headers.get('Content-Length');
  return length ? { stream: response.body, total: Number(length) } : { stream: response.body };
}
