import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merklePath, merkleRoot, plantMerkleTree, rootOfPath } from '#lib/protocol/board/merkle.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));

describe('the tree of a checkpoint', () => {
  // The leaves and roots by which Certificate Transparency logs are tested (RFC 6962 and 9162 have the same tree).
  const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const ROOTS = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  it.each(ROOTS.map((root, count) => [count, root]))('of %i leaves is that of RFC 9162', (count, root) => {
    expect(merkleRoot(LEAVES.slice(0, count as number))).toBe(root);
  });

  it('T9: has another root when an entry is changed, taken away, added or moved', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hash, { minLength: 2, maxLength: 12 }), fc.nat(11), hash, (all, at, other) => {
        const i = at % all.length;
        fc.pre(!all.includes(other));
        const lists = [
          all,
          all.with(i, other),
          all.filter((_, k) => k !== i),
          [...all, other],
          [...all, all[i] as string],
          [...all].reverse(),
        ];
        expect(new Set(lists.map(merkleRoot)).size).toBe(lists.length);
      }),
      { numRuns: 30 },
    );
  });

  it('has a path from every leaf, which leads to the root from this leaf and place alone', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hash, { minLength: 1, maxLength: 20 }), hash, fc.nat(19), (all, other, at) => {
        fc.pre(!all.includes(other));
        const index = at % all.length;
        const [root, leaf] = [merkleRoot(all), all[index] as string];
        const path = merklePath(plantMerkleTree(all), index);
        expect(rootOfPath(leaf, index, all.length, path)).toBe(root);
        expect(rootOfPath(other, index, all.length, path)).not.toBe(root);
        expect(rootOfPath(leaf, index, all.length, [...path, other])).toBeNull();
        if (path.length > 0) expect(rootOfPath(leaf, index, all.length, path.slice(1))).toBeNull();
        for (let place = 0; place <= all.length; place++)
          if (place !== index) expect(rootOfPath(leaf, place, all.length, path)).not.toBe(root);
      }),
      { numRuns: 200 },
    );
  });

  // RFC 9162 §2.1.5: the paths in a tree of seven leaves.
  it('has the paths of RFC 9162', () => {
    const tree = plantMerkleTree(LEAVES.slice(0, 7));
    expect(merklePath(tree, 0)).toHaveLength(3);
    expect(merklePath(tree, 3)).toHaveLength(3);
    expect(merklePath(tree, 4)).toHaveLength(3);
    expect(merklePath(tree, 6)).toHaveLength(2);
  });
});
