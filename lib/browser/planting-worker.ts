import 'client-only';
import { enlistBlock } from '#lib/issuing/plant-roll.ts';
import type { CapsuleRoll } from '#lib/protocol/member/capsule.ts';
import type { Candidate, Enlisted } from '#lib/protocol/member/enlist.ts';
import { plantTree, type RollTree } from '#lib/protocol/member/roll-tree.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import type { TiedTask } from './tied-workers.ts';
import { serveWorker } from './worker-call.ts';

/** One block of a roll: what some members have in it, or the tree over some leaves. */
export type BlockRequest =
  | { type: 'enlist'; roll: CapsuleRoll; candidates: readonly Candidate[] }
  | { type: 'plant'; leaves: readonly Field[]; depth: number };
export type PlantedBlock = (Enlisted | null)[] | RollTree;

async function makeBlock(request: BlockRequest): Promise<PlantedBlock> {
  if (request.type === 'enlist') return enlistBlock(request.roll, request.candidates);
  return plantTree(request.leaves, request.depth);
}

const serve = ({ port }: TiedTask) => serveWorker<BlockRequest, never, PlantedBlock>(makeBlock, port);
addEventListener('message', ({ data }: MessageEvent<TiedTask>) => serve(data), { once: true });
