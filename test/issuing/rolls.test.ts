import { randomBytes } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it, vi } from 'vitest';
import {
  exportInvitations,
  formatInvitationLink,
  invitationOf,
  inviteMembers,
  RosterFull,
  removeMember,
  ticketOf,
  ticketsOf,
} from '#lib/issuing/invite.ts';
import {
  addGroup,
  createIssuer,
  findGroup,
  groupIdsOf,
  type Issuer,
  issuerKey,
  MOST_ON_ROSTER,
  parseIssuer,
  type RosterMember,
  replaceGroup,
} from '#lib/issuing/issuer-file.ts';
import { findLeftOut, makeRoll, markRollSent, rollToSend } from '#lib/issuing/make-roll.ts';
import { openEnrolments, type TicketEnrolment } from '#lib/issuing/open-enrolments.ts';
import { enlistAll, enlistBlock, type PlantBlock, plantRoll } from '#lib/issuing/plant-roll.ts';
import { merkleRoot } from '#lib/protocol/board/merkle.ts';
import { CAPSULE_BYTES, checkCapsules, findOwnCapsule, hashCapsules, openCapsule } from '#lib/protocol/member/capsule.ts';
import { commitmentOf, createIdentity } from '#lib/protocol/member/credential.ts';
import { enrolmentTicket, parseInvitation, sealEnrolment } from '#lib/protocol/member/enrolment.ts';
import { checkRollHeader, checkRollLeaves, followsRoll } from '#lib/protocol/member/roll.ts';
import { leavesOf, PADDING, plantTree } from '#lib/protocol/member/roll-tree.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Checked } from '#lib/protocol/messages/checked.ts';
import { type Field, formatField } from '#lib/protocol/numbers/field.ts';
import { formatPoint } from '#lib/protocol/numbers/point.ts';
import { acceptInvitation, createWallet, identityOf } from '#lib/signing/wallet.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));
const people = ['Ann Lee', 'Bo Li', 'Cy Ng', 'Di Wu'].map((name, i) => ({ row: i + 2, name, email: `p${i}@example.org` }));
const TRUSTEES = ['b'.repeat(64), 'a'.repeat(64)];

function value<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Error(`${checked.code}: ${checked.detail}`);
  return checked.value;
}

function startGroup(): { issuer: Issuer; group: string } {
  const issuer = value(addGroup(createIssuer(random), 'Upper house', TRUSTEES));
  const group = groupIdsOf(issuer)[0] as string;
  return { issuer: inviteMembers(issuer, group, people, random), group };
}

/** What the platform holds once the person at that place of the roster has taken the invitation up. */
function enrol(issuer: Issuer, group: string, at: number, wallet: Wallet = createWallet(random)): TicketEnrolment {
  const issued = findGroup(issuer, group);
  const member = issued.members[at]!;
  const { enrolment } = value(acceptInvitation(wallet, invitationOf(issuer, issued, member), 'https://example.org'));
  return { ticket: enrolmentTicket(enrolment.id), ...enrolment };
}

const enrolAll = (issuer: Issuer, group: string, ...places: number[]) =>
  openEnrolments(
    issuer,
    group,
    places.map((at) => enrol(issuer, group, at)),
  ).issuer;
const publish = async (issuer: Issuer, group: string, time = 1_000) =>
  value(await makeRoll(issuer, group, { time, trustees: TRUSTEES, random }));

describe('invitations', () => {
  it('travel in a fragment that gives back the name, the group and the issuer key', () => {
    const { issuer, group } = startGroup();
    const issued = findGroup(issuer, group);
    const link = new URL(formatInvitationLink('https://example.org', invitationOf(issuer, issued, issued.members[0]!)));
    expect(link.pathname).toBe('/join');
    expect(value(parseInvitation(link.hash.slice(1)))).toMatchObject({
      name: 'Ann Lee',
      group: { issuer: issuerKey(issuer), name: 'Upper house' },
    });
  });

  it('are made once for each person, however often the roster is read', () => {
    const { issuer, group } = startGroup();
    const again = inviteMembers(issuer, group, [...people, { row: 9, name: 'Ed Oz', email: '' }], random);
    expect(findGroup(again, group).members.map((member) => member.name)).toEqual([...people.map((person) => person.name), 'Ed Oz']);
    expect(new Set(findGroup(again, group).members.map((member) => member.secret)).size).toBe(5);
  });

  it('are exported for a mail merge without those taken up, and without cells that a spreadsheet would run', () => {
    const { issuer, group } = startGroup();
    const risky = inviteMembers(issuer, group, [{ row: 9, name: '=HYPERLINK("x")', email: 'e@example.org' }], random);
    const csv = exportInvitations('https://example.org', enrolAll(risky, group, 1), group);
    const lines = csv.split('\r\n');
    expect(lines[0]).toBe('\ufeffname,email,link');
    expect(lines).toHaveLength(6);
    expect(csv).not.toContain('Bo Li');
    expect(lines[4]).toMatch(/^"'=HYPERLINK/);
  });

  it('are not made where the roster has no room for them, and fill it to the last place', () => {
    const { issuer, group } = startGroup();
    const members = Array.from(
      { length: MOST_ON_ROSTER - 1 },
      (): RosterMember => ({ name: 'A', email: '', secret: 'a'.repeat(64), removed: true }),
    );
    const nearly = replaceGroup(issuer, group, { ...findGroup(issuer, group), members });
    const rows = [1, 2].map((row) => ({ row, name: `Person ${row}`, email: '' }));
    expect(() => inviteMembers(nearly, group, rows, random)).toThrow(RosterFull);
    const full = inviteMembers(nearly, group, rows.slice(1), random);
    expect(parseIssuer(JSON.stringify(full)).ok).toBe(true);
  });

  it('are known to the platform by tickets that do not let it enrol', () => {
    const { issuer, group } = startGroup();
    const issued = findGroup(issuer, group);
    const tickets = [...ticketsOf(issued).keys()];
    expect(tickets).toEqual(issued.members.map((member) => ticketOf(member.secret)));
    expect(new Set(tickets).size).toBe(4);
  });
});

describe('enrolments', () => {
  it('are opened once and give commitment and u of the wallet', () => {
    const { issuer, group } = startGroup();
    const enrolment = enrol(issuer, group, 2);
    const opened = openEnrolments(issuer, group, [enrolment]);
    expect(opened.accepted).toEqual(['Cy Ng']);
    expect(findGroup(opened.issuer, group).members[2]).toMatchObject({
      commitment: expect.stringMatching(/^\d+$/),
      membership: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(openEnrolments(opened.issuer, group, [enrolment]).accepted).toEqual([]);
  });

  it('that the platform swapped or made up are refused by name (T27)', () => {
    const { issuer, group } = startGroup();
    const [first, second] = [enrol(issuer, group, 0), enrol(issuer, group, 1)];
    const swapped = openEnrolments(issuer, group, [{ ...first, ciphertext: second.ciphertext }]);
    expect(swapped.accepted).toEqual([]);
    expect(swapped.refused).toMatchObject([{ name: 'Ann Lee', code: 'ENROLMENT_FORGED' }]);
    expect(findGroup(swapped.issuer, group).members.every((member) => member.commitment === undefined)).toBe(true);
  });

  it('with one wallet for two invitations count once', () => {
    const { issuer, group } = startGroup();
    const wallet = createWallet(random);
    const opened = openEnrolments(issuer, group, [enrol(issuer, group, 0, wallet), enrol(issuer, group, 1, wallet)]);
    expect(opened.accepted).toEqual(['Ann Lee']);
    expect(opened.refused).toMatchObject([{ name: 'Bo Li', code: 'SAME_WALLET' }]);
  });

  it('with the u of another member count once, under whatever commitment', () => {
    const { issuer, group } = startGroup();
    const first = openEnrolments(issuer, group, [enrol(issuer, group, 0)]).issuer;
    const issued = findGroup(first, group);
    const { membership } = issued.members[0]!;
    const invitation = invitationOf(first, issued, issued.members[1]!);
    const stolen = { commitment: commitmentOf(createIdentity(random), group), membership: membership as string };
    const enrolment = sealEnrolment(invitation, stolen, random);
    const opened = openEnrolments(first, group, [{ ticket: enrolmentTicket(enrolment.id), ...enrolment }]);
    expect(opened.refused).toMatchObject([{ name: 'Bo Li', code: 'SAME_WALLET' }]);
  });

  it('of a struck member do not keep the wallet out', () => {
    const { issuer, group } = startGroup();
    const wallet = createWallet(random);
    const joined = openEnrolments(issuer, group, [enrol(issuer, group, 0, wallet)]).issuer;
    const struck = removeMember(joined, group, findGroup(joined, group).members[0]!.secret);
    expect(openEnrolments(struck, group, [enrol(struck, group, 1, wallet)]).accepted).toEqual(['Bo Li']);
  });

  it('for unknown tickets are passed over', () => {
    const { issuer, group } = startGroup();
    expect(openEnrolments(issuer, group, [{ ...enrol(issuer, group, 0), ticket: 'c'.repeat(64) }])).toMatchObject({
      accepted: [],
      refused: [],
    });
  });
});

describe('rolls', () => {
  it('pass every check, recognise the trustees in order and list the tickets of their new members', async () => {
    const { issuer, group } = startGroup();
    const { roll } = await publish(enrolAll(issuer, group, 0, 2), group);
    const header = value(checkRollHeader(roll.header));
    expect(leavesOf(value(checkRollLeaves(header, roll.leaves)))).toHaveLength(2);
    expect(header).toMatchObject({ number: 1, size: 2, depth: 3, trustees: [...TRUSTEES].sort() });
    const { members } = findGroup(issuer, group);
    expect(roll.enrolled).toEqual([ticketOf(members[0]!.secret), ticketOf(members[2]!.secret)]);
  });

  it('keep every member in place while others come and go, and chain to the roll before', async () => {
    const { issuer, group } = startGroup();
    const first = await publish(enrolAll(issuer, group, 0, 1, 2), group);
    const sent = markRollSent(first.issuer, group);
    const without = removeMember(sent, group, findGroup(sent, group).members[1]!.secret);
    const second = await publish(without, group, 2_000);
    expect(followsRoll(first.roll.header, second.roll.header)).toBe(true);
    expect(second.roll.leaves).toEqual([first.roll.leaves[0], formatField(PADDING), first.roll.leaves[2]]);
    expect(second.roll.enrolled).toEqual([]);

    const third = await publish(enrolAll(markRollSent(second.issuer, group), group, 3), group, 500);
    expect(third.roll.leaves[0]).toBe(first.roll.leaves[0]);
    expect(third.roll.leaves[2]).toBe(first.roll.leaves[2]);
    expect(third.roll.leaves[1]).not.toBe(formatField(PADDING));
    expect(followsRoll(second.roll.header, third.roll.header)).toBe(true);
    expect(checkRollLeaves(third.roll.header, third.roll.leaves).ok).toBe(true);
  });

  it('end with a member even when the last one left', async () => {
    const { issuer, group } = startGroup();
    const first = await publish(enrolAll(issuer, group, 0, 1), group);
    const sent = markRollSent(first.issuer, group);
    const second = await publish(removeMember(sent, group, findGroup(sent, group).members[1]!.secret), group);
    expect(second.roll.leaves).toEqual(first.roll.leaves.slice(0, 1));
    expect(checkRollLeaves(second.roll.header, second.roll.leaves).ok).toBe(true);
  });

  it('can be sent again byte for byte until the platform has them, and not be overtaken', async () => {
    const { issuer, group } = startGroup();
    const made = await publish(enrolAll(issuer, group, 0), group);
    const later = removeMember(enrolAll(made.issuer, group, 1), group, findGroup(issuer, group).members[0]!.secret);
    expect(await rollToSend(findGroup(later, group))).toEqual(made.roll);
    expect(await makeRoll(later, group, { time: 1, trustees: TRUSTEES, random })).toMatchObject({ ok: false, code: 'ROLL_UNSENT' });
  });

  it('are not made for nobody, nor twice for the same people and trustees', async () => {
    const { issuer, group } = startGroup();
    expect(await makeRoll(issuer, group, { time: 1, trustees: TRUSTEES, random })).toMatchObject({ ok: false, code: 'NOBODY_ENROLLED' });
    const sent = markRollSent((await publish(enrolAll(issuer, group, 0), group)).issuer, group);
    expect(await makeRoll(sent, group, { time: 2, trustees: [...TRUSTEES].reverse(), random })).toMatchObject({
      ok: false,
      code: 'NOTHING_NEW',
    });
    expect((await makeRoll(sent, group, { time: 2, trustees: TRUSTEES.slice(1), random })).ok).toBe(true);
  });
});

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

describe('the keystore of an issuer', () => {
  it('comes back from its file whole, and goes on where it was', async () => {
    const { issuer, group } = startGroup();
    const made = await publish(enrolAll(issuer, group, 0, 1), group);
    const restored = value(parseIssuer(JSON.stringify(made.issuer)));
    expect(restored).toEqual(made.issuer);
    const next = await publish(enrolAll(markRollSent(restored, group), group, 2), group);
    expect(followsRoll(made.roll.header, next.roll.header)).toBe(true);
  });

  it('is refused when cut off or changed, without quoting it', () => {
    const { issuer } = startGroup();
    const text = JSON.stringify(issuer);
    const first = JSON.stringify({ ...issuer, version: 1 });
    for (const bad of [first, text.slice(0, -5), text.replace('round-robin-issuer', 'round-robin-wallet'), '{}']) {
      const parsed = parseIssuer(bad);
      expect(parsed).toMatchObject({ ok: false, code: 'BAD_ISSUER_FILE' });
      expect(JSON.stringify(parsed)).not.toContain('Ann');
    }
  });

  it('has no two groups of a name, and none whose name could not be attested', () => {
    const { issuer } = startGroup();
    expect(addGroup(issuer, 'Upper house', [])).toMatchObject({ ok: false, code: 'GROUP_EXISTS' });
    expect(addGroup(issuer, ' padded', [])).toMatchObject({ ok: false, code: 'BAD_GROUP' });
  });
});

describe('what is attested', () => {
  it('T18: is the name in the roll; an address that changes hands, or its loss, changes nothing', async () => {
    const { issuer, group } = startGroup();
    const resold = { ...issuer, groups: JSON.parse(JSON.stringify(issuer.groups).replaceAll('@example.org', '@resold.example')) };
    expect(resold).not.toEqual(issuer);
    const enrolments = [0, 1, 2].map((at) => enrol(issuer, group, at));
    const rollOf = async (one: Issuer) => (await publish(openEnrolments(one, group, enrolments).issuer, group)).roll;
    expect(await rollOf(resold)).toEqual(await rollOf(issuer));
    expect(JSON.stringify(enrolments)).not.toContain('example');
  });
});
