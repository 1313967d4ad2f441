import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it, vi } from 'vitest';
import { inviteMembers, removeMember, ticketOf, ticketsOf } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf, type RosterMember, replaceGroup } from '#lib/issuing/issuer-file.ts';
import { findLeftOut, makeRoll, markRollSent, rollToSend } from '#lib/issuing/make-roll.ts';
import { openEnrolments } from '#lib/issuing/open-enrolments.ts';
import { enlistAll, enlistBlock, type PlantBlock, plantRoll } from '#lib/issuing/plant-roll.ts';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { CAPSULE_BYTES, checkCapsules, findOwnCapsule, hashCapsules, openCapsule } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, createIdentity } from '#lib/protocol/member/credential.ts';
import { checkRollLeaves } from '#lib/protocol/member/roll.ts';
import { PADDING, plantTree } from '#lib/protocol/member/roll-tree.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import { type Field, formatField } from '#lib/protocol/numbers/field.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { createWallet, identityOf } from '#lib/signing/wallet.ts';

import { enrol, enrolAll, people, publish, random, startGroup, TRUSTEES, value } from './small-group.ts';

describe('the tree of a roll', () => {
  it('kept from the last one gives the same roll as one that is made whole, also where a place has changed hands', async () => {
    const { issuer, group } = startGroup();
    const first = await publish(enrolAll(issuer, group, 0, 1, 2), group);
    const sent = markRollSent(first.issuer, group);
    const without = removeMember(sent, group, findGroup(sent, group).members[1]!.secret);
    const changed = enrolAll(without, group, 3);
    const plant = vi.fn(plantTree);
    const terms = { time: 2_000, trustees: TRUSTEES, random, plant };
    const quick = value(await makeRoll(changed, group, { ...terms, tree: first.tree }));
    expect(plant).not.toHaveBeenCalled();
    const whole = value(await makeRoll(changed, group, terms));
    expect(plant).toHaveBeenCalledOnce();
    expect(quick).toEqual(whole);
    expect(quick.roll.leaves[1]).not.toBe(first.roll.leaves[1]);
    expect(value(checkRollLeaves(quick.roll.header, quick.roll.leaves))).toEqual(quick.tree);
  });

  it('kept from the last one loses whoever was struck, though nobody comes in that place', async () => {
    const { issuer, group } = startGroup();
    const first = await publish(enrolAll(issuer, group, 0, 1, 2), group);
    const sent = markRollSent(first.issuer, group);
    const without = removeMember(sent, group, findGroup(sent, group).members[1]!.secret);
    const { roll } = value(await makeRoll(without, group, { time: 2_000, trustees: TRUSTEES, random, tree: first.tree }));
    expect(roll.leaves).toEqual(first.roll.leaves.with(1, formatField(PADDING)));
  });

  it('of another roll is not used', async () => {
    const { issuer, group } = startGroup();
    const first = await publish(enrolAll(issuer, group, 0, 1), group);
    const other = await publish(enrolAll(issuer, group, 2), group);
    const next = enrolAll(markRollSent(first.issuer, group), group, 3);
    const { roll } = value(await makeRoll(next, group, { time: 2_000, trustees: TRUSTEES, random, tree: other.tree }));
    expect(checkRollLeaves(roll.header, roll.leaves).ok).toBe(true);
    expect(await rollToSend(findGroup(first.issuer, group), { tree: other.tree })).toEqual(first.roll);
  });

  it('is made in blocks whose progress is told', async () => {
    const leaves = Array.from({ length: 2_500 }, (_, i) => BigInt(i + 1) as Field);
    const shares: number[] = [];
    const sizes: number[] = [];
    const plant: PlantBlock = (block, depth) => {
      sizes.push(block.length);
      return plantTree(block, depth);
    };
    const tree = await plantRoll(leaves, plant, (share) => shares.push(share));
    expect(sizes).toEqual([1024, 1024, 452]);
    expect(shares).toEqual([1 / 3, 2 / 3, 1]);
    expect(tree).toEqual(plantTree(leaves, 12));
  });
});

describe('the capsules of a roll', () => {
  it('lie under its header, one for each member, and open with a name for who has the token alone', async () => {
    const { issuer, group } = startGroup();
    const wallet = createWallet(random);
    const opened = openEnrolments(issuer, group, [enrol(issuer, group, 0, wallet), enrol(issuer, group, 2)]);
    const { roll } = await publish(opened.issuer, group);
    const file = value(checkCapsules(roll.header, roll.capsules));
    const membership = membershipOf(identityOf(wallet), group);
    const hashes = hashCapsules(roll.capsules);
    expect(findOwnCapsule(roll.header, hashes, { membership, name: 'Ann Lee' }).ok).toBe(true);
    expect(findOwnCapsule(roll.header, hashes, { membership, name: 'Bo Li' })).toMatchObject({ code: 'CAPSULE_MISSING' });
    const T = formatPoint(clearToken(tokenOf(membership, group, 'Ann Lee').point));
    expect(openCapsule(file, T)?.name).toBe('Ann Lee');
    expect(Buffer.from(roll.capsules).includes('Ann Lee')).toBe(false);
  });

  it('T61: are all made anew for each roll, so that none is found again in another', async () => {
    const { issuer, group } = startGroup();
    const first = await publish(enrolAll(issuer, group, 0, 1), group);
    const second = await publish(enrolAll(markRollSent(first.issuer, group), group, 2), group);
    const hashes = new Set(hashCapsules(first.roll.capsules));
    expect(second.roll.header.names).toBe(merkleRoot(hashCapsules(second.roll.capsules)));
    expect(hashCapsules(second.roll.capsules).filter((hash) => hashes.has(hash))).toEqual([]);
    const parts = (file: Uint8Array) =>
      Array.from({ length: file.length / CAPSULE_BYTES }, (_, i) => bytesToHex(file.subarray(i * CAPSULE_BYTES, i * CAPSULE_BYTES + 32)));
    expect(parts(second.roll.capsules).filter((tag) => parts(first.roll.capsules).includes(tag))).toEqual([]);
  });

  it('T65: nobody whose u or commitment an old keystore lacks gets one; they are left out, told, and invited anew', async () => {
    const { issuer, group } = startGroup();
    const first = await publish(enrolAll(issuer, group, 0, 1, 2, 3), group);
    const sent = findGroup(markRollSent(first.issuer, group), group);
    const members = sent.members.map((member, i) => {
      const { membership: _u, ...withoutU } = member;
      const { commitment: _c, ...withoutCommitment } = member;
      return [member, withoutU, withoutCommitment, member][i] as RosterMember;
    });
    const old = replaceGroup(first.issuer, group, { ...sent, members });
    const { issuer: after, roll } = await publish(old, group, 2_000);
    expect(findLeftOut(findGroup(old, group), findGroup(after, group))).toEqual(['Bo Li', 'Cy Ng']);
    expect(roll.header.size).toBe(2);
    expect(checkCapsules(roll.header, roll.capsules).ok).toBe(true);
    expect(roll.leaves).toEqual([first.roll.leaves[0], formatField(PADDING), formatField(PADDING), first.roll.leaves[3]]);
    const anew = findGroup(after, group).members;
    for (const at of [1, 2]) {
      expect(anew[at]).toEqual({
        name: people[at]!.name,
        email: people[at]!.email,
        secret: expect.not.stringMatching(members[at]!.secret),
      });
      expect(ticketsOf(findGroup(after, group)).has(ticketOf(members[at]!.secret))).toBe(false);
    }
    const back = await publish(enrolAll(markRollSent(after, group), group, 1), group, 3_000);
    expect(back.roll.header.size).toBe(3);
  });

  it('T44: a token that stands in the roll already gets no second one, and whoever stood there first stays', async () => {
    const twins = [people[0]!, { ...people[0]!, email: 'another@example.org' }];
    const empty = value(addGroup(createIssuer(random), 'Upper house', TRUSTEES));
    const group = groupIdsOf(empty)[0] as string;
    const issuer = inviteMembers(empty, group, twins, random);
    const first = await publish(enrolAll(issuer, group, 1), group);
    const sent = findGroup(markRollSent(first.issuer, group), group);
    const { membership } = sent.members[1]!;
    const other = formatField(commitmentOf(createIdentity(random), group));
    const members = [{ ...sent.members[0]!, commitment: other, membership }, sent.members[1]!] as RosterMember[];
    const forged = replaceGroup(first.issuer, group, { ...sent, members });
    expect(await makeRoll(forged, group, { time: 2_000, trustees: TRUSTEES, random })).toMatchObject({ code: 'NOTHING_NEW' });
    const { issuer: after, roll } = value(await makeRoll(forged, group, { time: 2_000, trustees: [], random }));
    expect(roll.leaves).toEqual(first.roll.leaves);
    expect(findLeftOut(findGroup(forged, group), findGroup(after, group))).toEqual(['Ann Lee']);
    expect(findGroup(after, group).members[1]?.place).toBe(0);
  });

  it('are made in blocks whose progress is told, in the order of the members', async () => {
    const one = createIdentity(random);
    const candidates = Array.from({ length: 300 }, (_, i) => ({
      name: `M ${i}`,
      commitment: 5n as Field,
      membership: i === 299 ? null : membershipOf(one, 'ab'.repeat(32)),
    }));
    const shares: number[] = [];
    const roll = { group: 'ab'.repeat(32), number: 1 };
    const all = await enlistAll(roll, candidates, enlistBlock, (share) => shares.push(share));
    expect(shares).toEqual([0.5, 1]);
    expect(all).toEqual(enlistBlock(roll, candidates));
    expect(all.map((enlisted) => enlisted === null).lastIndexOf(false)).toBe(298);
  });
});
