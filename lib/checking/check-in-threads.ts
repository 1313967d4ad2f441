import { ownEnv } from '#lib/host/bare-env.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { RoomError } from '#lib/room/room.ts';
import type { AcceptedKey } from './accepted-keys.ts';
import type { CheckProgress } from './check-record.ts';
import { checkRoom } from './check-thread.ts';
import type { ReadingNews } from './check-with-room.ts';

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
export async function checkInThreads({ signal, onProgress, ...task }: ThreadedCheck): Promise<RecordReport> {
  const room = checkRoom(task.file, 1, ownEnv());
  const onNews = ({ progress, total }: ReadingNews) => onProgress?.(progress, total);
  try {
    const outcome = await room.run('read', task, { signal, onNews });
    if ('report' in outcome) return outcome.report;
    throw new CheckFailed(outcome.kind, outcome.kind === 'memory' ? OUT_OF_MEMORY : outcome.message);
  } catch (error) {
    throw error instanceof RoomError ? explain(error) : error;
  } finally {
    await room.close();
  }
}

function explain({ code, message }: RoomError): CheckFailed {
  if (code === 'CANCELLED') return new CheckFailed('cancelled', 'Cancelled: nothing is known of this record.');
  if (code === 'OUT_OF_MEMORY') return new CheckFailed('memory', OUT_OF_MEMORY);
  return new CheckFailed('other', message);
}
