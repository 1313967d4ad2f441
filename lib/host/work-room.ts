import type { JobTable } from '#lib/room/jobs.ts';
import { openRoom, type RoomLimits, type WorkRoom } from '#lib/room/room.ts';
import { type HandSettings, startHand } from './start-hand.ts';

export type RoomSettings = HandSettings & RoomLimits;

/** A room whose hands are threads or processes of Node. */
export function createWorkRoom<J extends JobTable>(settings: RoomSettings): WorkRoom<J> {
  return openRoom((events) => startHand(settings, events), settings);
}
