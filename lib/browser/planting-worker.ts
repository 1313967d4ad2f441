import 'client-only';
import { type Occupant, plantBlock } from '#lib/issuing/plant-roll.ts';
import type { RollTree } from '#lib/protocol/member/roll-tree.ts';
import type { TiedTask } from './tied-workers.ts';
import { serveWorker } from './worker-call.ts';

export type BlockRequest = { occupants: readonly Occupant[]; depth: number };

const serve = ({ port }: TiedTask) =>
  serveWorker<BlockRequest, never, RollTree>(async ({ occupants, depth }) => plantBlock(occupants, depth), port);
addEventListener('message', ({ data }: MessageEvent<TiedTask>) => serve(data), { once: true });
