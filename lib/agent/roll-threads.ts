// A roll is made in threads of its own: a full one takes a minute or two, in which the agent still answers
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createWorkRoom } from '#lib/host/work-room.ts';
import type { OpenAnswers } from '#lib/issuing/open-enrolments.ts';
import { blocksBy, type EnlistBlock, type PlantBlock } from '#lib/issuing/plant-roll.ts';
import type { RollJobs } from './roll-thread.ts';

/** The long parts of a roll, each in a thread. */
export type RollThreads = { enlist: EnlistBlock; plant: PlantBlock; open: OpenAnswers };

const FILE = path.join(import.meta.dirname, 'roll-thread.ts');
const MOST_THREADS = 8;

/** One core is left for those who wait for a page. */
export function threadsForRolls(): number {
  return Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1));
}

/**
 * Lends threads to whoever makes a roll, and ends them afterwards: they have seen the keystore. @throws whatever `work` throws, and
 * RoomError for what could not be done in a thread
 */
export async function withRollThreads<Result>(count: number, work: (threads: RollThreads) => Promise<Result>): Promise<Result> {
  const room = createWorkRoom<RollJobs>({ file: FILE, hands: count });
  try {
    return await work({
      ...blocksBy(room),
      open: (issuer, group, enrolments) => room.run('open', { issuer, group, enrolments }),
    });
  } finally {
    await room.close();
  }
}
