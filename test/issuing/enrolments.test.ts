import { describe, expect, it } from 'vitest';
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
import { findGroup, issuerKey, MOST_ON_ROSTER, parseIssuer, type RosterMember, replaceGroup } from '#lib/issuing/issuer-file.ts';
import { openEnrolments } from '#lib/issuing/open-enrolments.ts';
import { commitmentOf, createIdentity } from '#lib/protocol/member/credential.ts';
import { enrolmentTicket, parseInvitation, sealEnrolment } from '#lib/protocol/member/enrolment.ts';
import { createWallet } from '#lib/signing/wallet.ts';

import { enrol, enrolAll, people, random, startGroup, value } from './small-group.ts';

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
