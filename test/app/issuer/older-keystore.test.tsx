import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { OlderCopy } from '#app/issuer/groups/[id]/reply-notices.tsx';
import type { IssuedGroup } from '#lib/issuing/issuer-file.ts';
import { findNewerRoll, findUnknownTickets, isTakenByAnother } from '#lib/issuing/older-keystore.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { createGroup, nextRoll, systemRandom } from '../../support/world.ts';

const names = Array.from({ length: 8 }, (_, i) => `Person ${i}`);
const first = createGroup('Staff', names, systemRandom);
const second = nextRoll(first, first.members);
const knowing = (lastRoll?: IssuedGroup['lastRoll']) =>
  ({ name: 'Staff', trustees: [], members: [], ...(lastRoll ? { lastRoll } : {}) }) as IssuedGroup;

describe('a keystore that is an older copy', () => {
  it('is known by a newer roll of its own key, and by nothing that the key has not signed', () => {
    const find = (known: IssuedGroup['lastRoll'], shown: IssuedGroup['lastRoll']) => findNewerRoll(knowing(known), first.id, shown);
    expect([find(first.header, second.header), find(undefined, first.header)]).toEqual([2, 1]);
    for (const shown of [undefined, first.header, second.header]) expect(find(second.header, shown)).toBeNull();
    expect(find(first.header, { ...second.header, size: 9 })).toBeNull();
    expect(find(first.header, nextRoll(createGroup('Staff', names, systemRandom), first.members).header)).toBeNull();
  });

  it('knows another roll of its own key in the place of its last one', () => {
    const rival = nextRoll(first, first.members.slice(1));
    const isTaken = (known: IssuedGroup['lastRoll'], ...shown: RollHeader[]) => isTakenByAnother(knowing(known), first.id, shown);
    expect(isTaken(second.header, rival.header, first.header)).toBe(true);
    for (const shown of [[], [first.header], [second.header, first.header], [{ ...rival.header, time: rival.header.time + 1 }]])
      expect(isTaken(second.header, ...shown)).toBe(false);
    expect(isTaken(undefined, rival.header)).toBe(false);
  });

  it('is known by open invitations of which it knows nothing, and not by those that were used or taken back', () => {
    const listed = (['invited', 'accepted', 'enrolled', 'withdrawn', 'invited'] as const).map((state, i) => ({
      ticket: `${i}`.repeat(64),
      state,
    }));
    expect(findUnknownTickets(new Set(['0'.repeat(64)]), listed)).toEqual(['4'.repeat(64)]);
    expect(findUnknownTickets(new Set(listed.map(({ ticket }) => ticket)), listed)).toEqual([]);
  });

  it('is told so on its group’s page, before anybody is invited or a roll is made', () => {
    const shown = (roll: number | null, unknown: number) => renderToStaticMarkup(<OlderCopy roll={roll} unknown={unknown} />);
    expect(shown(7, 0)).toContain('older copy: this site has roll 7');
    expect(shown(null, 2)).toContain('2 open invitations that this keystore does not know');
    expect(shown(null, 0)).toBe('');
  });
});
