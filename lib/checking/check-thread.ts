// A thread of the record check on Node: one reads the record, the others do what takes long.
import { randomBytes } from 'node:crypto';
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { type AcceptedKey, keysAtHand } from './accepted-keys.ts';
import { type CheckProgress, checkRecord } from './check-record.ts';
import { createJobPool, type JobPort, spreadOver } from './job-pool.ts';
import { type CheckReply, type CheckRequest, createJobRunner } from './jobs.ts';
import { Misuse, openSource } from './open-source.ts';
import { UnreadableRecord } from './split-lines.ts';

/** What a thread is started with. `file` is the script of the threads: this one, or the bundle that it is part of. */
export type ThreadTask =
  | { role: 'read'; place: string; accepted: readonly AcceptedKey[]; threads: number; file: string }
  | { role: 'work' };

/** What the reading thread tells the one that started it. */
export type ReadingNews =
  | { type: 'progress'; progress: CheckProgress; total: number | null }
  | { type: 'report'; report: RecordReport }
  | { type: 'failed'; kind: 'misuse' | 'unreadable' | 'memory' | 'other'; message: string };

/** Small nurseries: what threads throw away is otherwise kept by the dozens of megabytes in each. */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 8 };

/** Whether the error says that a thread ran out of the memory that it may use. */
export function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** The whole life of a thread; call it in every worker that was started with a ThreadTask. */
export function runCheckThread(): void {
  const task = workerData as ThreadTask;
  const port = parentPort as MessagePort;
  if (task.role === 'work') return serveJobs(port);
  const tell = (news: ReadingNews) => port.postMessage(news);
  read(task, tell).then(
    (report) => tell({ type: 'report', report }),
    (error: unknown) => {
      const kind = error instanceof Misuse ? 'misuse' : error instanceof UnreadableRecord ? 'unreadable' : 'other';
      tell({
        type: 'failed',
        kind: isOutOfMemory(error) ? 'memory' : kind,
        message: error instanceof Error ? error.message : String(error),
      });
    },
  );
}

function serveJobs(port: MessagePort): void {
  const run = createJobRunner((length) => new Uint8Array(randomBytes(length)));
  port.on('message', async (request: CheckRequest) => port.postMessage(await run(request)));
}

async function read(task: ThreadTask & { role: 'read' }, tell: (news: ReadingNews) => void): Promise<RecordReport> {
  const { bytes, total } = await openSource(task.place);
  const workers = Array.from(
    { length: task.threads },
    () => new Worker(task.file, { workerData: { role: 'work' } satisfies ThreadTask, resourceLimits: THREAD_LIMITS }),
  );
  const pool = createJobPool(workers.map(portTo));
  for (const worker of workers) worker.on('error', (error) => pool.fail(error));
  let last = 0;
  const onProgress = (progress: CheckProgress) => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    tell({ type: 'progress', progress, total });
  };
  try {
    const { proofs, work } = spreadOver(pool, keysAtHand(task.accepted));
    return await checkRecord(bytes, proofs, { work, onProgress });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function portTo(worker: Worker): JobPort {
  return {
    post: (request) => worker.postMessage(request),
    listen: (onReply) => void worker.on('message', (reply: CheckReply) => onReply(reply)),
  };
}
