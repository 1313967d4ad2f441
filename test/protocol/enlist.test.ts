import { describe, expect, it } from 'vitest';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { checkCapsules, findOwnCapsule, hashCapsules, joinCapsules } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, createIdentity } from '#lib/protocol/member/credential.ts';
import { type Candidate, type Enlisted, enlist, findRepeated } from '#lib/protocol/member/enlist.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { signRoll } from '#lib/protocol/member/roll.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { seeded } from '../circuits/signer.ts';

const random = seeded('enlist');
const seed = random(32);
const group = { issuer: publicKeyOf(seed), name: 'Pilots' };
const id = groupId(group);
const roll = { group: id, number: 1 };
const person = (name: string): Candidate => {
  const identity = createIdentity(random);
  return { name, commitment: commitmentOf(identity, id), membership: membershipOf(identity, id) };
};

describe('enlisting', () => {
  it('gives leaf and capsule with which a member finds itself in the roll', () => {
    const people = [person('Ada'), person('Bea')];
    const enlisted = people.map((candidate) => enlist(roll, candidate) as Enlisted);
    const file = joinCapsules(enlisted.map(({ capsule }) => capsule));
    const leaves = enlisted.map(({ leaf }) => leaf);
    const header = signRoll({ group, number: 1, time: 1_800_000_000, trustees: [], leaves, names: merkleRoot(hashCapsules(file)) }, seed);
    expect(checkCapsules(header, file).ok).toBe(true);
    for (const { name, membership } of people)
      expect(findOwnCapsule(header, hashCapsules(file), { name, membership: membership as string }).ok).toBe(true);
  });

  it('T65: invents nothing for whoever’s name, commitment or u an old keystore lacks', () => {
    const whole = person('Ada');
    for (const lacking of [{ commitment: null }, { membership: null }, { name: '' }])
      expect(enlist(roll, { ...whole, ...lacking })).toBeNull();
  });

  it('T44: finds a token that stands twice, also under another commitment: two members would be one name', () => {
    const ada = person('Ada');
    const twin = { ...person('Ada'), membership: ada.membership };
    const namesake = person('Ada');
    const enlisted = [ada, twin, namesake, ada].map((candidate) => enlist(roll, candidate) as Enlisted);
    expect(findRepeated(enlisted)).toEqual(new Set([1, 3]));
  });
});
