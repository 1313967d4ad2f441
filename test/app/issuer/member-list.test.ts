import { describe, expect, it } from 'vitest';
import { countStates, filterMembers, listMembers } from '../../../app/issuer/member-list.ts';
import type { IssuedGroup, RosterMember } from '../../../lib/issuing/issuer-file.ts';

const member = (name: string, more: Partial<RosterMember> = {}): RosterMember => ({
  name,
  email: `${name.toLowerCase().replace(/\W+/gu, '.')}@example.org`,
  secret: Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64),
  ...more,
});
const group: IssuedGroup = {
  name: 'Choir',
  trustees: [],
  members: [
    member('Invited Ida'),
    member('Accepted Ada', { commitment: '1' }),
    member('Admitted Ali', { commitment: '2', place: 0, since: 1 }),
    member('Leaving Leo', { commitment: '3', place: 1, since: 1, removed: true }),
    member('Gone Gus', { removed: true }),
    member('Gone Gia', { commitment: '4', removed: true }),
  ],
};

describe('the list of members', () => {
  it('tells where each person stands and leaves out who is gone for good', () => {
    expect(listMembers(group).map(({ name, state }) => [name, state])).toEqual([
      ['Invited Ida', 'invited'],
      ['Accepted Ada', 'accepted'],
      ['Admitted Ali', 'admitted'],
      ['Leaving Leo', 'leaving'],
    ]);
    expect(countStates(listMembers(group))).toEqual({ invited: 1, accepted: 1, admitted: 1, leaving: 1 });
  });

  it('finds people by any part of name or address, in any case and without accents', () => {
    const members = listMembers({ ...group, members: [member('Zoë Müller'), member('Søren Ødegård'), member('李小龙')] });
    const namesFor = (looked: string) => filterMembers(members, looked, 'all').map(({ name }) => name);
    expect(namesFor('zoe mull')).toEqual(['Zoë Müller']);
    expect(namesFor('MULLER zoë')).toEqual(['Zoë Müller']);
    expect(namesFor('小')).toEqual(['李小龙']);
    expect(namesFor('example.org')).toHaveLength(3);
    expect(namesFor('zoe nobody')).toEqual([]);
  });

  it('finds only those of the state that was asked for', () => {
    expect(filterMembers(listMembers(group), '', 'accepted').map(({ name }) => name)).toEqual(['Accepted Ada']);
    expect(filterMembers(listMembers(group), 'ali', 'invited')).toEqual([]);
  });
});
