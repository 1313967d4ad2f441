import { describe, expect, it } from 'vitest';
import { fileNamePart } from '#app/issuer/groups/[id]/file-name-part.ts';
import { sendTicketsInTurn } from '#app/issuer/groups/[id]/send-tickets.ts';
import { someOf } from '#app/issuer/some-of.ts';
import { ticketOf } from '#lib/issuing/invite.ts';
import type { RosterMember } from '#lib/issuing/issuer-file.ts';
import { countOf } from '#lib/protocol/messages/count-of.ts';

const members = Array.from(
  { length: 2_500 },
  (_, i): RosterMember => ({ name: `P ${i}`, email: '', secret: i.toString(16).padStart(64, '0') }),
);

describe('handing in tickets', () => {
  it('sends each open invitation once, in parts, and tells how far it is', async () => {
    const sent: string[][] = [];
    const shares: number[] = [];
    const api = {
      addInvitations: async (_group: string, tickets: readonly string[]) => {
        sent.push([...tickets]);
        return { added: tickets.length };
      },
    };
    const some = members.map((member, i) =>
      i === 0 ? { ...member, commitment: '5' } : i === 1 ? { ...member, removed: true as const } : member,
    );
    await sendTicketsInTurn(api, 'a'.repeat(64), some, { signal: new AbortController().signal, onProgress: (share) => shares.push(share) });
    expect(sent.map((part) => part.length)).toEqual([1000, 1000, 498]);
    expect(new Set(sent.flat())).toEqual(new Set(members.slice(2).map((member) => ticketOf(member.secret))));
    expect(shares.at(-1)).toBe(1);
  });

  it('stops between two parts when it is told to', async () => {
    const controller = new AbortController();
    let parts = 0;
    const api = {
      addInvitations: async (_group: string, _tickets: readonly string[], options?: { signal?: AbortSignal }) => {
        options?.signal?.throwIfAborted();
        parts += 1;
        controller.abort();
        return { added: 0 };
      },
    };
    await expect(sendTicketsInTurn(api, 'a'.repeat(64), members, { signal: controller.signal, onProgress: () => {} })).rejects.toThrow();
    expect(parts).toBe(1);
  });
});

describe('words around numbers and names', () => {
  it('makes file names of any script', () => {
    expect(fileNamePart('Nurses of St Mary’s')).toBe('nurses-of-st-mary-s');
    expect(fileNamePart('नर्स संघ / 看護')).toBe('नर्स-संघ-看護');
    expect(fileNamePart('…')).toBe('group');
  });

  it('counts', () => {
    expect(countOf(1, 'person', 'people')).toBe('1 person');
    expect(countOf(65_536, 'row', 'rows')).toBe('65,536 rows');
    expect(someOf(['Ada', 'Ben', 'Cleo'], 3)).toBe('Ada, Ben, Cleo');
    expect(someOf(['Ada', 'Ben', 'Cleo'], 2)).toBe('Ada, Ben and 1 more');
  });
});
