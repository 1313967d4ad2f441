// The workers of the record check in one page: one reads the file, the others do what takes long.
import { keysAtHand } from '#lib/checking/accepted-keys.ts';
import { portTo, serveJobs } from '#lib/checking/browser-ports.ts';
import { type CheckProgress, checkRecord } from '#lib/checking/check-record.ts';
import { createJobPool, spreadOver } from '#lib/checking/job-pool.ts';
import { openBlob } from '#lib/checking/open-blob.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { accepted } from './embedded.ts';

export type PageTask = { role: 'work'; port: MessagePort } | { role: 'read'; file: Blob; ports: MessagePort[] };
export type PageNews =
  | { type: 'progress'; progress: CheckProgress }
  | { type: 'report'; report: RecordReport }
  | { type: 'failed'; message: string };

const PAUSE_MS = 100;

addEventListener(
  'message',
  ({ data }: MessageEvent<PageTask>) => {
    if (data.role === 'work') serveJobs(data.port, (length) => crypto.getRandomValues(new Uint8Array(length)));
    else void read(data.file, data.ports);
  },
  { once: true },
);

async function read(file: Blob, ports: MessagePort[]): Promise<void> {
  const tell = (news: PageNews) => postMessage(news);
  let last = 0;
  const onProgress = (progress: CheckProgress) => {
    if (performance.now() - last < PAUSE_MS) return;
    last = performance.now();
    tell({ type: 'progress', progress });
  };
  const { proofs, work } = spreadOver(createJobPool(ports.map(portTo)), keysAtHand(accepted));
  try {
    tell({ type: 'report', report: await checkRecord(openBlob(file), proofs, { work, onProgress }) });
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}
