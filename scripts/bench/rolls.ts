import { randomBytes } from 'node:crypto';
import { Group } from '@semaphore-protocol/group';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { poseidon3 } from 'poseidon-lite/poseidon3';
import { withRollThreads } from '#lib/agent/roll-threads.ts';
import { enlistAll, plantRoll } from '#lib/issuing/plant-roll.ts';
import type { Candidate, Enlisted } from '#lib/protocol/member/enlist.ts';
import { depthFor } from '#lib/protocol/member/roll.ts';
import { changeTree, findChanges, leavesOf, plantTree } from '#lib/protocol/member/roll-tree.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { hash2, hash3 } from '#lib/protocol/numbers/poseidon.ts';
import { type Random, randomField } from '#lib/protocol/numbers/random.ts';
import { type Row, timeOf } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));
const GROUP = 'ab'.repeat(32);
const THREADS = 2;
const HASHES = 2_000;

/** Hashing, the capsules and leaves of a whole roll and its tree on two threads, and one more member of the tree. */
export async function benchRolls(quick: boolean): Promise<Row[]> {
  const count = quick ? 2_048 : 65_536;
  const full = count.toLocaleString('en');
  const roll = { group: GROUP, number: 2 };
  const candidates = Array.from({ length: count }, (_, i) => inventMember(i));
  const addOneByOne = await timeOneByOne(count);
  let leaves: Field[] = [];
  let tree = plantTree([], 3);
  const [enlisting, planting] = await withRollThreads(
    THREADS,
    async ({ enlist, plant }) =>
      [
        await timeOf(async () => {
          leaves = (await enlistAll(roll, candidates, enlist)).map((enlisted) => (enlisted as Enlisted).leaf);
        }),
        await timeOf(async () => {
          tree = await plantRoll(leaves.slice(0, -1), plant);
        }),
      ] as const,
  );
  const one = await timeOf(() => void changeTree(tree, depthFor(count), findChanges(leavesOf(tree), leaves)));
  return [
    await benchHashing(),
    {
      name: `tokens, leaves and capsules of a roll of ${full} members, ${THREADS} threads`,
      unit: 's',
      value: enlisting / 1000,
      baseline: { name: 'its tree', value: planting / 1000 },
      ratio: enlisting / planting,
      goal: '65,536 in 90 s on two cores',
      holds: quick ? null : enlisting < 90_000,
    },
    {
      name: `the tree of a roll of ${full} members, ${THREADS} threads`,
      unit: 's',
      value: planting / 1000,
      baseline: { name: 'adding as many to a Semaphore group one by one', value: addOneByOne / 1000 },
      ratio: addOneByOne / planting,
      goal: '65,536 in 15 s on two cores',
      holds: quick ? null : planting < 15_000,
    },
    {
      name: `one more member in the tree of ${full}: 17 nodes`,
      unit: 'ms',
      value: one,
      baseline: { name: 'building it', value: planting },
      ratio: planting / one,
      goal: 'touches 17 nodes',
      holds: null,
    },
  ];
}

/** A leaf and a node, which is what one member of a roll costs. */
async function benchHashing(): Promise<Row> {
  const draw = () => randomField(random);
  const numbers = [draw(), draw(), draw()] as const;
  const sibling = draw();
  const ours = () => {
    for (let i = 0; i < HASHES; i++) hash2(hash3(numbers), sibling);
  };
  const theirs = () => {
    for (let i = 0; i < HASHES; i++) poseidon2([poseidon3([...numbers]), sibling]);
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

async function timeOneByOne(count: number): Promise<number> {
  const few = Array.from({ length: 256 }, () => randomField(random));
  const add = () => {
    const group = new Group();
    for (const leaf of few) group.addMember(leaf);
  };
  return ((await timeOf(add)) / few.length) * count;
}

function inventMember(i: number): Candidate {
  return { name: `Member ${i + 1}, Ward 7`, commitment: randomField(random), membership: randomBytes(32).toString('hex') };
}
