// A thread that plants blocks of a roll, as the workers of a page do.
import { type MessagePort, parentPort } from 'node:worker_threads';
import { type Occupant, plantBlock } from '#lib/issuing/plant-roll.ts';

export type Block = { id: number; occupants: readonly Occupant[]; depth: number };

const port = parentPort as MessagePort;
port.on('message', ({ id, occupants, depth }: Block) => port.postMessage({ id, tree: plantBlock(occupants, depth) }));
