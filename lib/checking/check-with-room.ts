import type { ProofSystem, RecordReport } from '#lib/protocol/record/report.ts';
import type { HeavyWork } from '#lib/protocol/record/work.ts';
import type { WorkRoom } from '#lib/room/room.ts';
import type { AcceptedKeys } from './accepted-keys.ts';
import { type CheckProgress, checkRecord } from './check-record.ts';
import type { CheckJobs } from './jobs.ts';

/** How far a check has come, and the length of the whole record in bytes, where it is known. */
export type ReadingNews = { progress: CheckProgress; total: number | null };

/** Reading a record from a place, and judging it. */
export type ReadJob<Place> = { read: { input: Place; output: RecordReport; news: ReadingNews } };

/** The bytes of a record and how many there are, where that is known. */
export type Source = { bytes: AsyncIterable<Uint8Array>; total: number | null };

const PAUSE_MS = 100;

/** Checks a record, with everything that takes long done by the hands of a room. News come at most ten times a second. */
export function checkWithRoom(
  { bytes, total }: Source,
  { run }: Pick<WorkRoom<CheckJobs>, 'run'>,
  keys: AcceptedKeys,
  tell: (news: ReadingNews) => void,
): Promise<RecordReport> {
  const proofs: ProofSystem = {
    isListed: keys.isListed,
    findBadProofs: async (hash, batch) => run('proofs', { hash, key: await keys.load(hash), batch }),
  };
  const work: HeavyWork = {
    checkLeaves: (input) => run('leaves', input),
    checkOpening: (input) => run('opening', input),
    checkStep: (input) => run('step', input),
    checkNames: (input) => run('names', input),
  };
  let last = 0;
  const onProgress = (progress: CheckProgress) => {
    const now = performance.now();
    if (now - last < PAUSE_MS) return;
    last = now;
    tell({ progress, total });
  };
  return checkRecord(bytes, proofs, { work, onProgress });
}
