import { describe, expect, it } from 'vitest';
import { removeMember, ticketOf } from '#lib/issuing/invite.ts';
import { addGroup, findGroup, type Issuer, parseIssuer } from '#lib/issuing/issuer-file.ts';
import { makeRoll, markRollSent, rollToSend } from '#lib/issuing/make-roll.ts';
import { openEnrolments } from '#lib/issuing/open-enrolments.ts';
import { checkRollHeader, checkRollLeaves, followsRoll } from '#lib/protocol/member/roll.ts';
import { leavesOf, PADDING } from '#lib/protocol/member/roll-tree.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';

import { enrol, enrolAll, publish, random, startGroup, TRUSTEES, value } from './small-group.ts';

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
