import { describe, expect, it } from 'vitest';
import { countStates, listMembers } from '#app/issuer/member-list.ts';
import type { IssuedGroup, RosterMember } from '#lib/issuing/issuer-file.ts';

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
});
