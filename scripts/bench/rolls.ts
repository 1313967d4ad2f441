import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { Group } from '@semaphore-protocol/group';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { poseidon5 } from 'poseidon-lite/poseidon5';
import type { RosterMember } from '#lib/issuing/issuer-file.ts';
import { type PlantBlock, plantRoll, replantRoll } from '#lib/issuing/plant-roll.ts';
import type { RollTree } from '#lib/protocol/member/roll-tree.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { hash2, hash5 } from '#lib/protocol/numbers/poseidon.ts';
import { type Random, randomField } from '#lib/protocol/numbers/random.ts';
import { type Row, timeOf } from './measure.ts';
import type { Block } from './planting-thread.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const THREADS = 2;
const HASHES = 2_000;

/** Hashing, building a roll from commitments and names on two threads, and one more member of it. */
export async function benchRolls(quick: boolean): Promise<Row[]> {
  const count = quick ? 4_096 : 65_536;
  const members = Array.from({ length: count }, (_, place) => inventMember(place));
  const full = members.length.toLocaleString('en');
  const addOneByOne = await timeOneByOne(count);
  const { tree, elapsed } = await buildOnThreads(members.slice(0, -1));
  const one = await timeOf(() => void replantRoll(tree, [...members.slice(0, -1), withoutPlace(members)], members));
  return [
    await benchHashing(),
    {
      name: `building a roll of ${full} members, ${THREADS} threads`,
      unit: 's',
      value: elapsed / 1000,
      baseline: { name: 'adding as many to a Semaphore group one by one', value: addOneByOne / 1000 },
      ratio: addOneByOne / elapsed,
      goal: '65,536 in 15 s on two cores',
      holds: quick ? null : elapsed < 15_000,
    },
    {
      name: `one more member of a roll of ${full}: 17 nodes`,
      unit: 'ms',
      value: one,
      baseline: { name: 'building it', value: elapsed },
      ratio: elapsed / one,
      goal: 'touches 17 nodes',
      holds: null,
    },
  ];
}

/** A leaf and a node, which is what one member of a roll costs. */
async function benchHashing(): Promise<Row> {
  const draw = () => randomField(random);
  const numbers = [draw(), draw(), draw(), draw(), draw()] as const;
  const sibling = draw();
  const ours = () => {
    for (let i = 0; i < HASHES; i++) hash2(hash5(numbers), sibling);
  };
  const theirs = () => {
    for (let i = 0; i < HASHES; i++) poseidon2([poseidon5([...numbers]), sibling]);
  };
  ours(); // the first use prepares the module
  const [first, baseline, second] = [await timeOf(ours), await timeOf(theirs), await timeOf(ours)];
  const value = (first + second) / 2;
  return {
    name: 'a leaf and a node of a roll: Poseidon of circomlibjs, in WebAssembly',
    unit: 'µs',
    value: (value / HASHES) * 1000,
    baseline: { name: 'poseidon-lite', value: (baseline / HASHES) * 1000 },
    ratio: baseline / value,
    goal: '',
    holds: null,
  };
}

async function buildOnThreads(members: readonly RosterMember[]): Promise<{ tree: RollTree; elapsed: number }> {
  const file = path.join(import.meta.dirname, 'planting-thread.ts');
  const waiting = new Map<number, (tree: RollTree) => void>();
  const threads = Array.from({ length: THREADS }, () => new Worker(file));
  for (const thread of threads)
    thread.on('message', ({ id, tree }: { id: number; tree: RollTree }) => {
      waiting.get(id)?.(tree);
      waiting.delete(id);
    });
  let blocks = 0;
  const plant: PlantBlock = (occupants, depth) =>
    new Promise((resolve) => {
      const id = blocks++;
      waiting.set(id, resolve);
      threads[id % THREADS]?.postMessage({ id, occupants, depth } satisfies Block);
    });
  let tree: RollTree | null = null;
  const elapsed = await timeOf(async () => {
    tree = await plantRoll(members, { plant });
  });
  await Promise.all(threads.map((thread) => thread.terminate()));
  return { tree: tree as unknown as RollTree, elapsed };
}

async function timeOneByOne(count: number): Promise<number> {
  const few = Array.from({ length: 256 }, () => randomField(random));
  const add = () => {
    const group = new Group();
    for (const leaf of few) group.addMember(leaf);
  };
  return ((await timeOf(add)) / few.length) * count;
}

function inventMember(place: number): RosterMember {
  return { name: `Member ${place + 1}, Ward 7`, email: '', secret: '', commitment: formatField(randomField(random)), place };
}

/** The last member as one who has just been admitted. */
function withoutPlace(members: readonly RosterMember[]): RosterMember {
  const { place: _, ...last } = members.at(-1) as RosterMember;
  return last;
}
