// A thread that makes blocks of a roll, as the workers of a page do.
import { type MessagePort, parentPort } from 'node:worker_threads';
import { enlistBlock } from '#lib/issuing/plant-roll.ts';
import type { CapsuleRoll } from '#lib/protocol/member/capsule.ts';
import type { Candidate } from '#lib/protocol/member/enlist.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';

export type BlockJob = { roll: CapsuleRoll; candidates: readonly Candidate[] } | { leaves: readonly Field[]; depth: number };

const port = parentPort as MessagePort;
port.on('message', ({ id, job }: { id: number; job: BlockJob }) =>
  port.postMessage({ id, made: 'roll' in job ? enlistBlock(job.roll, job.candidates) : plantTree(job.leaves, job.depth) }),
);
