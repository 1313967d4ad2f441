import { bytesToHex } from '@noble/hashes/utils.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rolls, rollTrees } from '#db/schema.ts';
import { decodeTree, encodeRollFile, encodeTree } from '#lib/api/roll-file.ts';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { CAPSULE_BYTES, hashCapsules, joinCapsules } from '#lib/protocol/member/capsule.ts';
import { type RollHeader, rollHash, signRoll } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { type Field, fieldToBytes, formatField } from '#lib/protocol/numbers/field.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { layOutRoll } from '#lib/server/rolls/lay-out-roll.ts';
import { publishRoll } from '#lib/server/rolls/publish.ts';
import { readCapsuleHashes, readRollFile } from '#lib/server/rolls/read.ts';
import { inventNames, publishGroup, startPlatform, type TestPlatform } from '../support/platform.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

vi.mock('#lib/protocol/numbers/poseidon.ts', { spy: true });

let platform: TestPlatform;
let group: TestGroup;
beforeAll(async () => {
  platform = await startPlatform();
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  await publishGroup(platform, group);
});
afterAll(() => platform?.stop());

/** As many capsules as there are leaves. What lies in them only committees can find. */
const capsulesOf = (leaves: readonly Field[]) =>
  joinCapsules(
    leaves.map((leaf) => new Uint8Array(CAPSULE_BYTES).fill(7).map((byte, i) => (i < 32 ? (fieldToBytes(leaf)[i] as number) : byte))),
  );
/** The roll after a header of the group. */
const signNext = (previous: RollHeader, leaves: readonly Field[]) => {
  const { group: name, number, time } = previous;
  const names = merkleRoot(hashCapsules(capsulesOf(leaves)));
  return signRoll({ group: name, number: number + 1, previous: rollHash(previous), time, trustees: [], leaves, names }, group.seed);
};
const publish = (header: RollHeader, leaves: readonly Field[]) =>
  publishRoll(platform.ctx, platform.issuer, group.id, { header, leaves: leaves.map(formatField), enrolled: [] }, capsulesOf(leaves));
const storedTree = async () => {
  const [row] = await platform.ctx.db.select().from(rollTrees).where(eq(rollTrees.groupId, group.id));
  return row;
};

describe('a published roll', () => {
  it('leaves its tree for the next, which hashes only what has changed', async () => {
    const stored = await storedTree();
    expect(stored?.roll).toBe(rollHash(group.header));
    expect(decodeTree(stored!.nodes)).toEqual(plantTree(group.leaves, group.header.depth));

    const more = [...group.leaves, 77n as Field];
    const next = signNext(group.header, more);
    vi.mocked(hash2).mockClear();
    const laid = layOutRoll(next, more.map(formatField), capsulesOf(more), stored!.nodes);
    expect(hash2).toHaveBeenCalledTimes(next.depth);
    expect(laid).toEqual(layOutRoll(next, more.map(formatField), capsulesOf(more), null));

    await publish(next, more);
    expect(await storedTree()).toMatchObject({ roll: rollHash(next), nodes: encodeTree(plantTree(more, next.depth)) });
    expect(await readRollFile(platform.ctx, rollHash(next))).toEqual(encodeRollFile(plantTree(more, next.depth)));
    const hashes = hashCapsules(capsulesOf(more)).join('');
    expect(bytesToHex(await readCapsuleHashes(platform.ctx, rollHash(next)))).toBe(hashes);
  });

  it('gives up the capsules of the roll before, which no statement names, and keeps its own', async () => {
    const stored = await platform.ctx.db.select({ number: rolls.number, capsules: rolls.capsules }).from(rolls).orderBy(rolls.number);
    expect(stored.map(({ number, capsules }) => [number, capsules === null])).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  it('is taken although the tree before it was lost, or is not what it was', async () => {
    const { ctx } = platform;
    let last = group.header;
    let leaves: readonly Field[] = group.leaves;
    const grow = async (leaf: bigint) => {
      leaves = [...leaves, leaf as Field];
      last = signNext(last, leaves);
      await publish(last, leaves);
    };
    last = signNext(group.header, [...group.leaves, 77n as Field]);
    leaves = [...group.leaves, 77n as Field];
    await ctx.db.delete(rollTrees);
    await grow(78n);
    const wrong = encodeTree(plantTree([5n as Field, 6n as Field], 3));
    const { nodes: right } = (await storedTree())!;
    const asideByte = -65; // of the node beside the path to the newest member, just below the root: it is not hashed again
    for (const nodes of [wrong, Uint8Array.of(1, 2, 3), right.with(-1, 9), right.with(asideByte, 9)]) {
      await ctx.db.update(rollTrees).set({ nodes });
      await grow(BigInt(100 + leaves.length));
      expect(decodeTree((await storedTree())!.nodes)).toEqual(plantTree(leaves, last.depth));
    }
  });

  it('is refused under a root that is not its own, with the stored tree as without', () => {
    const more = [...group.leaves, 77n as Field];
    const header = { ...signNext(group.header, more), root: '5' };
    for (const before of [null, encodeTree(plantTree(group.leaves, group.header.depth))])
      expect(layOutRoll(header, more.map(formatField), capsulesOf(more), before)).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
  });
});
