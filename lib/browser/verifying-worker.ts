import 'client-only';
import { keysOfManifest } from '#lib/checking/accepted-keys.ts';
import { portTo } from '#lib/checking/browser-ports.ts';
import { type CheckProgress, checkRecord } from '#lib/checking/check-record.ts';
import { createJobPool, spreadOver } from '#lib/checking/job-pool.ts';
import { openBlob } from '#lib/checking/open-blob.ts';
import { chunksOf } from '#lib/checking/split-lines.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { createArtifactFetch, manifest } from './artifacts.ts';
import { serveWorker } from './worker-call.ts';

/** A record by its address on this site, or as a file of the person's; and the ports to the workers that do what takes long. */
export type VerifyingRequest = { source: string | Blob; ports: MessagePort[] };
export type VerifyingReport = CheckProgress & {
  /** Length of the whole record in bytes; absent where the server does not say. */ total?: number;
};

const PAUSE_MS = 100;

serveWorker<VerifyingRequest, VerifyingReport, RecordReport>(async ({ source, ports }, report) => {
  const { bytes, total } = await open(source);
  let last = 0;
  const onProgress = (progress: CheckProgress) => {
    const now = performance.now();
    if (now - last < PAUSE_MS) return;
    last = now;
    report(total === undefined ? progress : { ...progress, total });
  };
  const { proofs, work } = spreadOver(createJobPool(ports.map(portTo)), keysOfManifest(manifest, createArtifactFetch()));
  return checkRecord(bytes, proofs, { work, onProgress });
});

async function open(source: string | Blob): Promise<{ bytes: AsyncIterable<Uint8Array>; total?: number }> {
  if (source instanceof Blob) return { bytes: openBlob(source), total: source.size };
  const response = await fetch(source, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!response.ok || !response.body) throw new Error(`The site did not give out this record (status ${response.status}).`);
  const length = response.headers.get('Content-Encoding') ? null : response.headers.get('Content-Length');
  const bytes = chunksOf(response.body);
  return length ? { bytes, total: Number(length) } : { bytes };
}
