// A thread of the record check on Node: one reads the record, the others do what takes long.
import { randomBytes } from 'node:crypto';
import { serveRoom } from '#lib/host/serve-room.ts';
import { createWorkRoom, type RoomSettings } from '#lib/host/work-room.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { RoomError } from '#lib/room/room.ts';
import { type AcceptedKey, keysAtHand } from './accepted-keys.ts';
import { checkWithRoom, type ReadingNews } from './check-with-room.ts';
import { type CheckJobs, createCheckJobs } from './jobs.ts';
import { Misuse, openSource } from './open-source.ts';
import { UnreadableRecord } from './split-lines.ts';

/** `file` is the script of the threads: this one, or the bundle that it is part of. */
type RecordToRead = { place: string; accepted: readonly AcceptedKey[]; threads: number; file: string };
type ReadOutcome = { report: RecordReport } | { kind: 'misuse' | 'unreadable' | 'memory' | 'other'; message: string };

export type ThreadJobs = CheckJobs & { read: { input: RecordToRead; output: ReadOutcome; news: ReadingNews } };

/** Small nurseries: what threads throw away is otherwise kept by the dozens of megabytes in each. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

/** A room of such threads. What reads a record from an address needs the settings of this process. */
export const checkRoom = (file: string, hands: number, env?: RoomSettings['env']) =>
  createWorkRoom<ThreadJobs>({ file, hands, limits: LIMITS, ...(env ? { env } : {}) });

/** The whole life of a thread; call it in every one that a `checkRoom` starts. */
export function runCheckThread(): void {
  const jobs = createCheckJobs((length) => new Uint8Array(randomBytes(length)));
  serveRoom<ThreadJobs>({ ...jobs, read: (task, tell) => read(task, tell).then((report) => ({ report }), describeFailure) });
}

function describeFailure(error: unknown): ReadOutcome {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Misuse) return { kind: 'misuse', message };
  if (error instanceof UnreadableRecord) return { kind: 'unreadable', message };
  return { kind: error instanceof RoomError && error.code === 'OUT_OF_MEMORY' ? 'memory' : 'other', message };
}

async function read(task: RecordToRead, tell: (news: ReadingNews) => void): Promise<RecordReport> {
  const source = await openSource(task.place);
  const room = checkRoom(task.file, task.threads);
  try {
    return await checkWithRoom(source, room, keysAtHand(task.accepted), tell);
  } finally {
    await room.close();
  }
}
