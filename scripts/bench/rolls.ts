import { randomBytes } from 'node:crypto';
import { Group } from '@semaphore-protocol/group';
import { leafOf } from '../../lib/protocol/credential.ts';
import { type Random, randomField } from '../../lib/protocol/random.ts';
import { rollRoot } from '../../lib/protocol/roll-tree.ts';
import { type Row, timeOf } from './measure.ts';

const random: Random = (length) => new Uint8Array(randomBytes(length));

/** Building a roll on one thread: leaves from commitments and names, and the tree over them. */
export function benchRolls(quick: boolean): Promise<Row[]> {
  return Promise.all([quick ? 4_096 : 65_536].map(benchRoll));
}

async function benchRoll(members: number): Promise<Row> {
  const commitments = Array.from({ length: members }, () => randomField(random));
  const build = () =>
    rollRoot(
      commitments.map((commitment, i) => leafOf(commitment, `Member ${i + 1}, Ward 7`)),
      Math.log2(members),
    );
  const few = Array.from({ length: 256 }, () => randomField(random));
  const addOneByOne = () => {
    const group = new Group();
    for (const leaf of few) group.addMember(leaf);
  };
  // Long enough to need no second time; the short one is taken before and after.
  const before = await timeOf(addOneByOne);
  const first = await timeOf(build);
  const second = (before + (await timeOf(addOneByOne))) / 2;
  return {
    name: `building a roll of ${members.toLocaleString('en')} members, one thread`,
    unit: 's',
    value: first / 1000,
    baseline: { name: 'adding as many to a Semaphore group one by one', value: ((second / 256) * members) / 1000 },
    ratio: ((second / 256) * members) / first,
    goal: '65,536 in 15 s on two cores',
    holds: null,
  };
}
