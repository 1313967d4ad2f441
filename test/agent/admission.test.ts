import { describe, expect, it } from 'vitest';
import {
  admitPerson,
  inviteAgain,
  markRegistered,
  markSent,
  noteAnswers,
  orderStock,
  retireExpired,
  revokeInvitation,
  stockArrived,
  withdrawAnswered,
} from '#lib/agent/admission.ts';
import { type Agency, EMPTY_LEDGER, ledgerOf, rowOf, rowStateOf } from '#lib/agent/ledger.ts';
import { mostUnattended } from '#lib/agent/publishing.ts';
import { inviteMembers, ticketOf } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf } from '#lib/issuing/issuer-file.ts';
import { isTurn } from '#lib/issuing/turns-of-rolls.ts';
import { value } from '../signing/stage.ts';
import { systemRandom } from '../support/world.ts';

const TERMS = { now: 1_000, invitationSeconds: 500 };
const people = ['Ann', 'Bo', 'Cy'].map((name, i) => ({ row: i + 2, name, email: `${name.toLowerCase()}@work.example` }));
const mark = (text: string) => text.padEnd(64, '0');

function setUp(stock = 5): { agency: Agency; group: string; secretOf(agency: Agency, name: string): string } {
  const created = value(addGroup(createIssuer(systemRandom), 'Staff council', []));
  const group = groupIdsOf(created)[0] as string;
  const ordered = orderStock(
    { issuer: inviteMembers(created, group, people, systemRandom), ledger: EMPTY_LEDGER },
    group,
    stock,
    systemRandom,
  );
  const agency = stockArrived(ordered, group, ledgerOf(ordered, group).ordered);
  const secretOf = ({ issuer }: Agency, name: string) =>
    findGroup(issuer, group).members.find((one) => one.name === name && !one.removed)?.secret ?? '';
  return { agency, group, secretOf };
}

describe('admitting somebody', () => {
  it('gives the invitation that waits on the roster, and the next time a fresh one out of the stock that makes it useless', () => {
    const { agency, group, secretOf } = setUp();
    const waiting = secretOf(agency, 'Ann');
    const first = value(admitPerson(agency, group, { way: 2, row: waiting }, TERMS));
    expect([first.secret, secretOf(first.agency, 'Ann')]).toEqual([waiting, waiting]);
    expect(ledgerOf(first.agency, group)).toMatchObject({ revoked: [], rows: [{ secret: waiting, expires: 1_500 }] });
    const second = value(admitPerson(first.agency, group, { way: 2, row: waiting }, TERMS));
    expect(ledgerOf(agency, group).stock).toContain(second.secret);
    expect(ledgerOf(second.agency, group)).toMatchObject({
      revoked: [ticketOf(waiting)],
      rows: [{ secret: second.secret, expires: 1_500 }],
    });
    expect(findGroup(second.agency.issuer, group).members.map(({ name, way }) => [name, way])).toEqual([
      ['Ann', 2],
      ['Bo', undefined],
      ['Cy', undefined],
    ]);
  });

  it('T78: is refused for a second admission of one sign-in, and of one row by two', () => {
    const { agency, group, secretOf } = setUp();
    const ann = value(admitPerson(agency, group, { way: 3, row: secretOf(agency, 'Ann'), mark: mark('a') }, TERMS)).agency;
    expect(admitPerson(ann, group, { way: 3, row: secretOf(ann, 'Bo'), mark: mark('a') }, TERMS)).toMatchObject({ code: 'MARK_TAKEN' });
    expect(admitPerson(ann, group, { way: 3, row: secretOf(ann, 'Ann'), mark: mark('b') }, TERMS)).toMatchObject({ code: 'ROW_TAKEN' });
    expect(admitPerson(ann, group, { way: 3, row: secretOf(ann, 'Ann'), mark: mark('a') }, TERMS)).toMatchObject({ ok: true });
  });

  it('gives one address one name for ever, and no two addresses one name', () => {
    const { agency, group } = setUp();
    const dora = { way: 2 as const, mark: mark('d'), name: 'Dora (work.example)', email: 'dora@work.example' };
    const first = value(admitPerson(agency, group, dora, TERMS));
    const again = value(admitPerson(first.agency, group, { ...dora, name: 'Dorothy (work.example)' }, TERMS));
    expect(findGroup(again.agency.issuer, group).members.map(({ name }) => name)).toEqual(['Ann', 'Bo', 'Cy', 'Dora (work.example)']);
    expect(admitPerson(again.agency, group, { ...dora, mark: mark('e') }, TERMS)).toMatchObject({ code: 'NAME_TAKEN' });
    expect(admitPerson(again.agency, group, { ...dora, mark: mark('f'), name: ' ' }, TERMS)).toMatchObject({ code: 'BAD_NAME' });
  });

  it('waits while nothing is in stock, and is over for who was struck or has answered', () => {
    const { agency, group, secretOf } = setUp(0);
    const ann = secretOf(agency, 'Ann');
    const given = value(admitPerson(agency, group, { way: 2, row: ann }, TERMS)).agency;
    expect(admitPerson(given, group, { way: 2, row: ann }, TERMS)).toMatchObject({ code: 'NO_STOCK' });
    const nobody = { way: 2 as const, mark: mark('n'), name: 'Nell', email: '' };
    expect(admitPerson(agency, group, nobody, TERMS)).toMatchObject({ code: 'NO_STOCK' });
    expect(admitPerson(agency, group, { way: 2, row: 'f'.repeat(64) }, TERMS)).toMatchObject({ code: 'STRUCK' });
    const answered = noteAnswers(agency, group, new Set([ticketOf(ann)]));
    expect(admitPerson(answered, group, { way: 2, row: ann }, TERMS)).toMatchObject({ code: 'ALREADY_ANSWERED' });
    expect(inviteAgain(answered, group, 'f'.repeat(64), 1, TERMS)).toMatchObject({ code: 'STRUCK' });
  });
});

describe('an invitation', () => {
  it('runs out, can be taken back and sent anew, and its state can be read at each moment', () => {
    const { agency, group, secretOf } = setUp();
    const stateIn = (one: Agency, now: number) => {
      const member = findGroup(one.issuer, group).members[0]!;
      return rowStateOf(member, rowOf(ledgerOf(one, group), member.secret), now);
    };
    const sent = markSent(agency, group, [secretOf(agency, 'Ann')], TERMS);
    expect([stateIn(agency, 1_000), stateIn(sent, 1_499), stateIn(sent, 1_500)]).toEqual(['waiting', 'invited', 'expired']);
    expect(retireExpired(sent, group, 1_499, systemRandom)).toBe(sent);
    const retired = retireExpired(sent, group, 1_500, systemRandom);
    expect([stateIn(retired, 1_500), ledgerOf(retired, group).revoked]).toEqual(['waiting', [ticketOf(secretOf(agency, 'Ann'))]]);
    const anew = value(inviteAgain(retired, group, secretOf(retired, 'Ann'), 1, TERMS));
    expect(ledgerOf(agency, group).stock).toContain(anew.secret); // the platform does not know the other one yet
    const registered = markRegistered(retired, group);
    expect(value(inviteAgain(registered, group, secretOf(retired, 'Ann'), 1, TERMS)).secret).toBe(secretOf(retired, 'Ann'));
    const taken = value(revokeInvitation(sent, group, secretOf(sent, 'Ann'), systemRandom));
    expect([stateIn(taken, 1_001), secretOf(taken, 'Ann')]).not.toContain(secretOf(sent, 'Ann'));
    const answered = noteAnswers(sent, group, new Set([ticketOf(secretOf(sent, 'Ann'))]));
    expect([stateIn(answered, 9_999), retireExpired(answered, group, 9_999, systemRandom)]).toEqual(['answered', answered]);
    expect(revokeInvitation(answered, group, secretOf(sent, 'Ann'), systemRandom)).toMatchObject({ code: 'ALREADY_ANSWERED' });
  });

  it('that somebody else has answered is withdrawn by its owner, who gets another', () => {
    const { agency, group, secretOf } = setUp();
    const old = secretOf(agency, 'Ann');
    const answered = noteAnswers(agency, group, new Set([ticketOf(old)]));
    const again = value(withdrawAnswered(answered, group, old, TERMS));
    expect(ledgerOf(again.agency, group).revoked).toEqual([ticketOf(old)]);
    expect(secretOf(again.agency, 'Ann')).toBe(again.secret);
    const members = findGroup(answered.issuer, group).members.map((member) =>
      member.secret === old ? { ...member, commitment: '5', membership: 'a'.repeat(64), place: 0, since: 1 } : member,
    );
    const inRoll = { ...answered, issuer: { ...answered.issuer, groups: [{ ...answered.issuer.groups[0]!, members }] } };
    const anew = value(withdrawAnswered(inRoll, group, old, TERMS)).agency;
    const anns = findGroup(anew.issuer, group).members.filter(({ name }) => name === 'Ann');
    expect(anns).toMatchObject([{ secret: old, removed: true, place: 0 }, { secret: secretOf(anew, 'Ann') }]);
    expect(anns[1]).not.toHaveProperty('commitment');
  });
});

describe('rolls that come out unattended', () => {
  it('come at multiples of the interval, and grow by at most a third', () => {
    expect([isTurn(0, 86_399, 86_400), isTurn(0, 86_400, 86_400), isTurn(86_400, 172_799, 86_400), isTurn(86_399, 86_400, 86_400)]).toEqual(
      [false, true, false, true],
    );
    const { agency, group } = setUp();
    const withSize = (size: number) => {
      const [one] = agency.issuer.groups;
      const lastRoll = { size } as NonNullable<NonNullable<typeof one>['lastRoll']>;
      return { ...agency.issuer, groups: [{ ...one!, lastRoll }] };
    };
    expect([agency.issuer, ...[1, 3, 8, 9, 100].map(withSize)].map((issuer) => mostUnattended(issuer, group))).toEqual([0, 0, 1, 2, 3, 33]);
  });
});
