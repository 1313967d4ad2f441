import 'client-only';
import { type Occupant, plantBlock } from '#lib/issuing/plant-roll.ts';
import type { RollTree } from '#lib/protocol/member/roll-tree.ts';
import { serveWorker } from './worker-call.ts';

export type BlockRequest = { occupants: readonly Occupant[]; depth: number };
/** The port over which the worker that makes a roll asks for blocks. It is the only message. */
export type PlantingTask = { port: MessagePort };

// Its own policy lets a worker start no other, so the page starts them all and ties them together.
const serve = ({ port }: PlantingTask) =>
  serveWorker<BlockRequest, never, RollTree>(async ({ occupants, depth }) => plantBlock(occupants, depth), port);
addEventListener('message', ({ data }: MessageEvent<PlantingTask>) => serve(data), { once: true });
