import { Group } from '@semaphore-protocol/group';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decodeTree, encodeTree } from '#lib/api/roll-file.ts';
import {
  changeTree,
  findChanges,
  joinTrees,
  leavesOf,
  middleLevel,
  PADDING,
  plantTree,
  type RollTree,
  rootOf,
} from '#lib/protocol/member/roll-tree.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';

vi.mock('#lib/protocol/numbers/poseidon.ts', { spy: true });

const member = fc.bigInt({ min: 1n, max: 2n ** 250n }) as fc.Arbitrary<Field>;
const place = fc.oneof({ arbitrary: member, weight: 3 }, { arbitrary: fc.constant(PADDING), weight: 1 });
const someLeaves = fc.array(place, { maxLength: 40 });
const depthOf = (...lists: readonly (readonly Field[])[]) => Math.max(3, ...lists.map(({ length }) => Math.ceil(Math.log2(length || 1))));
const numbers = (count: number) => Array.from({ length: count }, (_, i) => BigInt(i + 1) as Field);
const nodesOf = ({ levels }: RollTree) => levels.flat().length;

/** Runs something and tells how often it hashed. What stands over empty places is known once and for all, so it is made before. */
function countHashes(act: () => unknown): number {
  plantTree(numbers(1), 16);
  vi.mocked(hash2).mockClear();
  act();
  return vi.mocked(hash2).mock.calls.length;
}

describe('the tree of a roll', () => {
  it('is the group of exactly 2^depth leaves', () => {
    fc.assert(
      fc.property(someLeaves, fc.integer({ min: 0, max: 2 }), (leaves, deeper) => {
        const depth = depthOf(leaves) + deeper;
        const all = [...leaves, ...new Array<Field>(2 ** depth - leaves.length).fill(PADDING)];
        expect(rootOf(plantTree(leaves, depth))).toBe(new Group(all).root);
      }),
    );
  });

  it('is the same whether it is planted or changed into, also when it becomes deeper or less deep', () => {
    fc.assert(
      fc.property(someLeaves, someLeaves, (before, after) => {
        const depth = depthOf(after);
        const changed = changeTree(plantTree(before, depthOf(before)), depth, findChanges(before, after));
        expect(changed).toEqual(plantTree(after, depth));
      }),
    );
  });

  it('leaves the tree that it was changed from as it was', () => {
    const before = plantTree(numbers(9), 4);
    const copy = structuredClone(before);
    changeTree(before, 5, new Map([[20, 7n as Field]]));
    expect(before).toEqual(copy);
  });

  it('grows by two levels over an empty part', () => {
    const grown = changeTree(plantTree(numbers(8), 3), 5, new Map([[20, 7n as Field]]));
    expect(grown).toEqual(plantTree([...numbers(8), ...new Array<Field>(12).fill(PADDING), 7n as Field], 5));
  });

  it('touches 17 nodes for one more member of a roll of depth 16: the leaf and 16 above it', () => {
    const before = plantTree(numbers(40_000), 16);
    let after = before;
    const change = () => {
      after = changeTree(before, 16, new Map([[40_000, 99_999n as Field]]));
    };
    expect(countHashes(change)).toBe(16);
    const differing = after.levels.flatMap((nodes, level) => nodes.filter((node, i) => node !== before.levels[level]?.[i]));
    expect(differing).toHaveLength(17);
    expect(leavesOf(after).at(-1)).toBe(99_999n);
  });

  it('costs as many hashes as the tree is deep where a member leaves, and as many where the body outgrows the depth below', () => {
    const full = plantTree(numbers(32_768), 15);
    expect(countHashes(() => changeTree(full, 15, new Map([[0, PADDING]])))).toBe(15);
    expect(countHashes(() => changeTree(full, 16, new Map([[32_768, 99_999n as Field]])))).toBe(16);
  });

  it('never grows by leaves that are not there', () => {
    expect(nodesOf(plantTree([5n as Field, PADDING, PADDING], 16))).toBe(17);
  });

  it('can be made of blocks that were planted apart, with a gap in one of them', () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 17, maxLength: 64 }), (leaves) => {
        const whole = plantTree(leaves, 6);
        const blocks = Array.from({ length: Math.ceil(leavesOf(whole).length / 8) }, (_, i) =>
          plantTree(leaves.slice(8 * i, 8 * i + 8), 3),
        );
        expect(joinTrees(blocks, 6)).toEqual(whole);
      }),
    );
  });

  it('refuses a depth that has no room for the leaves', () => {
    expect(() => plantTree(numbers(9), 3)).toThrow(RangeError);
    expect(() => changeTree(plantTree(numbers(8), 3), 3, new Map([[8, 1n as Field]]))).toThrow(RangeError);
  });

  it('gives the level from which signers find their paths, padded to its end', () => {
    const tree = plantTree(numbers(300), 10);
    const middle = middleLevel(tree);
    expect(middle).toHaveLength(256);
    expect(rootOf(plantTree(middle, 8))).toBe(rootOf(tree));
    expect(middleLevel(plantTree(numbers(5), 3))).toEqual([...numbers(5), PADDING, PADDING, PADDING]);
  });
});

describe('a stored tree', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(someLeaves, (leaves) => {
        const tree = plantTree(leaves, depthOf(leaves));
        expect(decodeTree(encodeTree(tree))).toEqual(tree);
      }),
    );
  });

  it('is not read when a byte is missing, the depth has no room, or a node is no field element', () => {
    const bytes = encodeTree(plantTree(numbers(5), 3));
    expect(decodeTree(bytes.subarray(0, -1))).toBeNull();
    expect(decodeTree(Uint8Array.of(2, ...bytes.subarray(1)))).toBeNull();
    expect(decodeTree(Uint8Array.of(17, ...bytes.subarray(1)))).toBeNull();
    expect(decodeTree(bytes.with(4, 255))).toBeNull();
    expect(decodeTree(new Uint8Array())).toBeNull();
  });
});
