import { describe, expect, it } from 'vitest';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { checkCapsules, findOwnCapsule, hashCapsules } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, createIdentity } from '#lib/protocol/member/credential.ts';
import { type Candidate, capsulesFor, enlist } from '#lib/protocol/member/enlist.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { signRoll } from '#lib/protocol/member/roll.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { seeded } from '../circuits/signer.ts';

const random = seeded('enlist');
const seed = random(32);
const group = { issuer: publicKeyOf(seed), name: 'Pilots' };
const id = groupId(group);
const person = (name: string): Candidate => {
  const identity = createIdentity(random);
  return { name, commitment: commitmentOf(identity, id), membership: membershipOf(identity, id) };
};

describe('enlisting', () => {
  it('T65: leaves out whose name, commitment or u an old keystore lacks, says who, and makes capsules for the others alone', () => {
    const [ada, bea] = [person('Ada'), person('Bea')];
    const lacking = [
      { ...person('c'), commitment: null },
      { ...person('d'), membership: null },
      { ...person('e'), name: '' },
    ];
    const { enlisted, incomplete, repeated } = enlist(id, [ada, ...lacking, bea]);
    expect(enlisted.map(({ candidate }) => candidate)).toEqual([ada, bea]);
    expect(incomplete).toEqual(lacking);
    expect(repeated).toEqual([]);

    const file = capsulesFor({ group: id, number: 1 }, enlisted);
    const leaves = enlisted.map(({ leaf }) => leaf);
    const header = signRoll({ group, number: 1, time: 1_800_000_000, trustees: [], leaves, names: merkleRoot(hashCapsules(file)) }, seed);
    expect(checkCapsules(header, file).ok).toBe(true);
    for (const { name, membership } of [ada, bea])
      expect(findOwnCapsule(header, hashCapsules(file), { name, membership: membership as string }).ok).toBe(true);
  });

  it('T44: refuses a token that stands twice, also under another commitment: two members would be one name', () => {
    const ada = person('Ada');
    const twin = { ...person('Ada'), membership: ada.membership };
    const namesake = person('Ada');
    const { enlisted, repeated } = enlist(id, [ada, twin, namesake, ada]);
    expect(enlisted.map(({ candidate }) => candidate)).toEqual([ada, namesake]);
    expect(repeated).toEqual([twin, ada]);
  });
});
