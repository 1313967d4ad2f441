import 'server-only';
import path from 'node:path';
import { createWorkRoom } from '#lib/host/work-room.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import type { CeremonyJobs, ContributionToCheck } from './checking-process.ts';

const FILE = path.join('lib', 'server', 'ceremony', 'checking-process.ts');
const LIMIT_MS = 900_000;

/**
 * Checks an offer in a process of its own, which gets none of this one's settings and gives its memory back.
 * @throws RoomError when the process fails, takes longer than a quarter of an hour, or `signal` ends it
 */
export async function checkApart(contribution: ContributionToCheck, signal: AbortSignal): Promise<Checked<null, 'KEY_BROKEN'>> {
  const file = path.join(/* turbopackIgnore: true */ process.cwd(), FILE);
  const room = createWorkRoom<CeremonyJobs>({ kind: 'process', file, hands: 1, timeLimitMs: LIMIT_MS });
  return room.run('check', contribution, { signal }).finally(() => room.close());
}
