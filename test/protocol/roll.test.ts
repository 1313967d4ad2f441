import { Group } from '@semaphore-protocol/group';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkRollHeader,
  checkRollLeaves,
  depthFor,
  findPath,
  followsRoll,
  type RollHeader,
  rollHash,
  signRoll,
} from '#lib/protocol/member/roll.ts';
import { middleLevel, PADDING, plantTree, rollRoot } from '#lib/protocol/member/roll-tree.ts';
import { publicKeyOf, signMessage } from '#lib/protocol/messages/ed25519.ts';
import { type Field, formatField, toField } from '#lib/protocol/numbers/field.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { randomField } from '#lib/protocol/numbers/random.ts';
import { buildTree, seeded, siblingsOf } from '../circuits/signer.ts';

const random = seeded('roll test');
const seed = random(32);
const group = { issuer: publicKeyOf(seed), name: 'Harbour pilots' };
const some = (count: number) => Array.from({ length: count }, () => randomField(random));
const signed = (leaves: readonly Field[], more: Partial<RollHeader> = {}) =>
  signRoll({ group, number: 1, time: 1_800_000_000, trustees: [], names: 'cc'.repeat(32), leaves, ...more }, seed);
const texts = (leaves: readonly Field[]) => leaves.map(formatField);

/** The root that a path leads to. */
function climb(leaf: Field, index: number, siblings: readonly Field[]): Field {
  return siblings.reduce((node, sibling, height) => ((index >> height) & 1 ? hash2(sibling, node) : hash2(node, sibling)), leaf);
}

describe('the tree of a roll', () => {
  it.each([1, 5, 8, 9, 200, 256, 257, 300, 700])('of %i leaves is one group of 2^depth leaves, padded', (count) => {
    const leaves = some(count);
    const depth = depthFor(count);
    const all = Array.from({ length: 2 ** depth }, (_, i) => leaves[i] ?? PADDING);
    expect(rollRoot(leaves, depth)).toBe(new Group(all).root);
    expect(2 ** depth).toBeGreaterThanOrEqual(count);
    expect(depth).toBeGreaterThanOrEqual(3);
    expect(depth === 3 || 2 ** (depth - 1) < count).toBe(true);
  });

  it('gives a path of exactly depth siblings from one block and the middle nodes alone', () => {
    for (const count of [6, 300, 1100]) {
      const leaves = some(count);
      const header = signed(leaves);
      const middle = middleLevel(plantTree(leaves, header.depth));
      const tree = buildTree(leaves, header.depth);
      for (const index of [0, 5, count - 1]) {
        const path = findPath(header, leaves, middle, index);
        expect(path?.siblings).toHaveLength(header.depth);
        expect(path?.siblings).toEqual(siblingsOf(tree, index));
        expect(String(climb(leaves[index] as Field, index, path?.siblings ?? []))).toBe(header.root);
      }
    }
  });

  it('T14: gives no path where the block or a middle node is not that of the signed root', () => {
    const leaves = some(300);
    const header = signed(leaves);
    const middle = middleLevel(plantTree(leaves, header.depth));
    const wrongLeaf = [...leaves.slice(0, 4), toField(1n), ...leaves.slice(5)];
    expect(findPath(header, wrongLeaf, middle, 5)).toBeNull();
    expect(findPath(header, leaves, [toField(1n), ...middle.slice(1)], 290)).toBeNull();
    expect(findPath(header, leaves, middle.slice(1), 5)).toBeNull();
    expect(findPath({ ...header, root: '1' }, leaves, middle, 5)).toBeNull();
    expect([-1, 512, 4096].map((index) => findPath(header, leaves, middle, index))).toEqual([null, null, null]);
  });

  it('is split into groups above 65,536 places', () => {
    expect(depthFor(65_536)).toBe(16);
    expect(() => depthFor(65_537)).toThrow(RangeError);
  });
});

describe('a roll', () => {
  it('T1: is accepted with its leaves as the issuer signed it, and with no other list', () => {
    const leaves = some(11);
    const header = signed(leaves);
    expect(checkRollHeader(header).ok).toBe(true);
    expect(checkRollLeaves(header, texts(leaves)).ok).toBe(true);
    fc.assert(
      fc.property(fc.nat(10), fc.nat(10), (i, j) => {
        fc.pre(i !== j);
        const swapped = leaves.map((leaf, k) => (k === i ? leaves[j] : k === j ? leaves[i] : leaf)) as Field[];
        expect(checkRollLeaves(header, texts(swapped))).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
        expect(checkRollLeaves(header, texts(leaves.filter((_, k) => k !== i)))).toMatchObject({ ok: false, code: 'ROLL_SIZE' });
        const twice = leaves.map((leaf, k) => (k === i ? leaves[j] : leaf)) as Field[];
        expect(checkRollLeaves(header, texts(twice))).toMatchObject({ ok: false, code: 'ROLL_LEAVES' });
      }),
      { numRuns: 15 },
    );
  });

  it('T1: is signed, and so is its place in the history of its group: nobody is put in or dated back unseen', () => {
    const first = signed(some(5));
    const after = { number: 2, previous: rollHash(first) };
    const next = signed(some(9), after);
    expect(followsRoll(first, next)).toBe(true);
    for (const change of [
      { ...after, number: 3 },
      { ...after, previous: rollHash(next) },
      { ...after, time: first.time - 1 },
      { ...after, group: { ...group, name: 'Harbour masters' } },
    ])
      expect(followsRoll(first, signed(some(9), change)), JSON.stringify(change)).toBe(false);
    for (const change of [{ size: 8 }, { time: next.time - 1 }, { previous: rollHash(next) }, { signature: first.signature }])
      expect(checkRollHeader({ ...next, ...change }), JSON.stringify(change)).toMatchObject({ ok: false, code: 'ROLL_SIGNATURE' });
  });

  it('T26: whose one leaf is the root of a hidden subtree leads no hidden member to the root at the public depth', () => {
    const hidden = some(8);
    const subtree = rollRoot(hidden, 3);
    const leaves = [...some(7), subtree];
    const header = signed(leaves);
    // The published list is good, but a hidden member's path is three siblings longer than the depth that proofs are held to.
    expect(checkRollLeaves(header, texts(leaves)).ok).toBe(true);
    const below = siblingsOf(buildTree(hidden, 3), 0);
    const above = siblingsOf(buildTree(leaves, 3), 7);
    expect(String(climb(hidden[0] as Field, 7 << 3, [...below, ...above]))).toBe(header.root);
    expect([...below, ...above]).toHaveLength(6);
    expect(header.depth).toBe(3);
    expect(checkRollHeader({ ...header, depth: 6 })).toMatchObject({ ok: false, code: 'ROLL_SIGNATURE' });
    // An issuer that signs the greater depth has to publish a list that has this root there, and this list does not.
    expect(checkRollLeaves({ ...header, depth: 6 }, texts(leaves))).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
  });

  it('T26: is rebuilt at its own depth: one leaf cannot stand for the whole upper tree', () => {
    const leaves = some(5);
    const header = signed(leaves);
    const root = rollRoot(leaves, 3);
    expect(checkRollLeaves({ ...header, size: 1 }, [formatField(root)])).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
  });

  it('T22: with root zero or a depth outside 3 to 16 is refused though its issuer signed it', () => {
    const leaves = some(5);
    const sign = (change: object) => {
      const { signature: _, ...body } = { ...signed(leaves), ...change };
      return signMessage('roll', body, seed);
    };
    expect(checkRollHeader(sign({ root: '0' }))).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
    for (const depth of [0, 2, 17, 32]) expect(checkRollHeader(sign({ depth }))).toMatchObject({ ok: false, code: 'BAD_SHAPE' });
  });

  it('counts members without padding, and a removed member leaves padding behind', () => {
    const leaves = some(6);
    const removed = leaves.map((leaf, i) => (i === 2 ? PADDING : leaf));
    const header = signed(removed);
    expect(header.size).toBe(5);
    expect(checkRollLeaves(header, texts(removed)).ok).toBe(true);
    expect(checkRollLeaves(header, texts([...removed, PADDING]))).toMatchObject({ ok: false, code: 'ROLL_LEAVES' });
    expect(() => signed([PADDING])).toThrow(RangeError);
    expect(() => signed([leaves[0], leaves[0]] as Field[])).toThrow(RangeError);
  });

  it('T36: cannot lend its root to another depth', () => {
    const leaves = some(5);
    const header = signed(leaves);
    const deeper = formatField(rollRoot(leaves, 4));
    expect(header.root).not.toBe(deeper);
    expect(checkRollLeaves({ ...header, depth: 4 }, texts(leaves))).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
    expect(checkRollLeaves({ ...header, root: deeper }, texts(leaves))).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
  });

  it('T8: has another hash when anything in its header changes', () => {
    const header = signed(some(5), { trustees: [publicKeyOf(random(32))] });
    const hashes = [
      {},
      { number: 2 },
      { time: 1 },
      { size: 4 },
      { root: '1' },
      { trustees: [] },
      { depth: 4 },
      { group: { ...group, name: 'x' } },
    ].map((change) => rollHash({ ...header, ...change }));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
