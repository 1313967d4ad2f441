import { describe, expect, it } from 'vitest';
import { groupId } from '#lib/protocol/member/group.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { contradictsSeen, judgeNewest, rememberRoll, seenRoll, seenRollOf } from '#lib/signing/seen-rolls.ts';
import { createWallet } from '#lib/signing/wallet.ts';
import { createGroup, nextRoll, systemRandom } from '../support/world.ts';

const names = ['Ann', 'Bo', 'Cy'];
const first = createGroup('Choir', names, systemRandom);
const second = nextRoll(first, first.members);
const third = nextRoll(second, second.members.slice(1));
const history: RollHeader[] = [third.header, second.header, first.header];
/** Another second roll, signed by the same issuer, and what follows it. */
const otherSecond = nextRoll(first, first.members.slice(2));
const otherThird = nextRoll(otherSecond, otherSecond.members);
const wallet = createWallet(systemRandom);
const having = (header: RollHeader) => rememberRoll(wallet, seenRoll(header));

describe('a wallet that is shown the newest roll of a group', () => {
  it('cannot tell an older one from the newest when it has seen none', () => {
    expect(judgeNewest(wallet, history)).toBe('first');
    expect(judgeNewest(having(createGroup('Choir', names, systemRandom).header), history)).toBe('first');
  });

  it('takes the one that it knows, and any that follows it', () => {
    for (const { header } of [first, second, third]) expect(judgeNewest(having(header), history)).toBe('newest');
  });

  it('T81: refuses an older one', () => {
    expect(judgeNewest(having(third.header), history.slice(1))).toBe('older');
    expect(judgeNewest(having(second.header), [first.header])).toBe('older');
  });

  it('T81: refuses a history in which the one that it knows does not lie, or which does not hold together', () => {
    expect(judgeNewest(having(otherSecond.header), history)).toBe('forked');
    expect(judgeNewest(having(third.header), [otherThird.header, otherSecond.header, first.header])).toBe('forked');
    expect(judgeNewest(having(first.header), [third.header, otherSecond.header, first.header])).toBe('forked');
    expect(judgeNewest(having(second.header), [otherThird.header, second.header, first.header])).toBe('forked');
    expect(judgeNewest(having(first.header), [third.header, first.header])).toBe('forked');
    expect(judgeNewest(having(first.header), [third.header])).toBe('forked');
  });

  it('remembers the newest of each group, and never an older one in its place', () => {
    const id = groupId(first.header.group);
    const both = rememberRoll(having(third.header), seenRoll(second.header));
    expect(seenRollOf(both, id)).toEqual(seenRoll(third.header));
    const other = createGroup('Orchestra', names, systemRandom).header;
    expect(rememberRoll(both, seenRoll(other)).rolls).toHaveLength(2);
    expect(rememberRoll(having(first.header), seenRoll(second.header)).rolls).toEqual([seenRoll(second.header)]);
  });

  it('notices a statement over another roll of the same number', () => {
    expect(contradictsSeen(having(second.header), otherSecond.header)).toBe(true);
    for (const { header } of [first, second, third]) expect(contradictsSeen(having(second.header), header)).toBe(false);
  });
});
