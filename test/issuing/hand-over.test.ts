import { beforeEach, describe, expect, it } from 'vitest';
import { giveInvitation, handOver, markMailed, readmit } from '#lib/issuing/hand-over.ts';
import { exportInvitations, inviteMembers, listToMail, ticketOf } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf, type IssuedGroup, type Issuer, replaceGroup } from '#lib/issuing/issuer-file.ts';
import { makeRoll, markRollSent } from '#lib/issuing/make-roll.ts';
import type { IssuerStore } from '#lib/issuing/run-group.ts';
import { nextRollTurn } from '#lib/issuing/turns-of-rolls.ts';
import { commitmentOf } from '#lib/protocol/member/credential.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { formatField } from '#lib/protocol/numbers/field.ts';
import { createWallet, identityOf } from '#lib/signing/wallet.ts';
import { value } from '../signing/stage.ts';
import { systemRandom } from '../support/world.ts';

const DAY = 86_400;
const TIME = 1_800_000_000;
const HOSTILE = { hostileEmployer: { domains: ['work.example'] } };
let issuer: Issuer;
let id: string;
const group = () => findGroup(issuer, id);
const memberOf = (name: string) =>
  group()
    .members.filter((one) => one.name === name && !one.removed)
    .at(-1)!;
const set = (change: Partial<IssuedGroup>) => {
  issuer = replaceGroup(issuer, id, { ...group(), ...change });
};

/** As if everybody named had joined, each with a fresh wallet. */
function answer(...names: string[]): void {
  const members = group().members.map((one) => {
    if (!names.includes(one.name) || one.removed || one.commitment !== undefined) return one;
    const identity = identityOf(createWallet(systemRandom));
    return { ...one, commitment: formatField(commitmentOf(identity, id)), membership: membershipOf(identity, id) };
  });
  set({ members });
}

async function publish(time = TIME) {
  const made = value(await makeRoll(issuer, id, { time, trustees: [], random: systemRandom }));
  issuer = markRollSent(made.issuer, id);
  return made.roll;
}

beforeEach(() => {
  issuer = value(addGroup(createIssuer(systemRandom), 'Nurses', []));
  id = groupIdsOf(issuer)[0] as string;
  const rows = [
    { name: 'Ann', email: 'ann@home.example', row: 2 },
    { name: 'Bo', email: 'bo@ward.work.example', row: 3 },
    { name: 'Cy', email: '', row: 4 },
  ];
  issuer = inviteMembers(issuer, id, rows, systemRandom);
});

describe('a group whose employer is hostile', () => {
  it('T85: sends no invitation to an address of the employer, and none that was given in person', () => {
    expect(listToMail(group())).toHaveLength(3);
    set(HOSTILE);
    expect(listToMail(group()).map(({ name }) => name)).toEqual(['Ann']);
    const csv = exportInvitations('https://platform.example', issuer, id);
    expect([csv.includes('ann@home.example'), csv.includes('work.example')]).toEqual([true, false]);
    issuer = handOver(issuer, id, memberOf('Ann').secret, 5, systemRandom).issuer;
    expect(listToMail(group())).toEqual([]);
  });

  it('T85: takes in only whom it admitted by a private invitation or in person, and says how many of each', async () => {
    set(HOSTILE);
    issuer = markMailed(issuer, id);
    issuer = handOver(issuer, id, memberOf('Bo').secret, 5, systemRandom).issuer;
    const before = memberOf('Cy').secret;
    answer('Ann', 'Bo', 'Cy'); // Cy came by a link that was given before the employer was declared hostile
    const { header } = await publish();
    expect([header.size, header.admitted]).toEqual([
      2,
      [
        { way: 1, count: 1 },
        { way: 5, count: 1 },
      ],
    ]);
    expect([memberOf('Cy').secret === before, memberOf('Cy').commitment]).toEqual([false, undefined]);
  });
});

describe('an invitation that a clerk gives', () => {
  it('is another one when it is given in another way, so that a copy of the first admits nobody', () => {
    const { secret } = memberOf('Ann');
    const first = handOver(issuer, id, secret, 1, systemRandom);
    expect(first).toMatchObject({ secret, spent: null });
    issuer = first.issuer;
    expect(handOver(issuer, id, secret, 1, systemRandom)).toEqual({ issuer, secret, spent: null });
    const second = handOver(issuer, id, secret, 5, systemRandom);
    issuer = second.issuer;
    expect([second.spent, second.secret === secret, memberOf('Ann').secret, memberOf('Ann').way]).toEqual([
      secret,
      false,
      second.secret,
      5,
    ]);
    expect(() => handOver(issuer, id, secret, 5, systemRandom)).toThrow(RangeError);
    answer('Ann');
    expect(() => handOver(issuer, id, second.secret, 5, systemRandom)).toThrow('open invitation');
  });
});

describe('an invitation that is given while the line is dead', () => {
  it('is made known to the platform when it is given again, before anybody sees it', async () => {
    const known = new Set(group().members.map(({ secret }) => ticketOf(secret)));
    let isDead = false;
    const api = {
      addInvitations: async (_: string, tickets: readonly string[]) => {
        if (isDead) throw new TypeError('the line is dead');
        for (const ticket of tickets) known.add(ticket);
        return { added: tickets.length };
      },
      withdrawInvitations: async (_: string, tickets: readonly string[]) => {
        for (const ticket of tickets) known.delete(ticket);
        return { withdrawn: tickets.length };
      },
    };
    const store: IssuerStore = { update: async (change) => (issuer = await change(issuer)) };
    const give = (way: 1 | 5) =>
      giveInvitation(api as never, store, { group: id, secret: memberOf('Ann').secret, way, random: systemRandom });
    const first = await give(1);
    expect(known.has(ticketOf(first))).toBe(true);
    isDead = true;
    await expect(give(5)).rejects.toThrow('dead');
    isDead = false;
    const again = await give(5);
    expect([again === first, known.has(ticketOf(first)), known.has(ticketOf(again))]).toEqual([false, false, true]);
    expect(memberOf('Ann')).toMatchObject({ secret: again, way: 5 });
  });
});

describe('somebody who has lost a wallet', () => {
  it('is admitted again in one step: the new leaf stands only in a roll from which the old one is absent', async () => {
    answer('Ann', 'Bo');
    const first = await publish();
    const lost = first.leaves[memberOf('Ann').place as number];
    const again = readmit(issuer, id, memberOf('Ann').secret, systemRandom);
    issuer = again.issuer;
    expect(memberOf('Ann')).toEqual({ name: 'Ann', email: 'ann@home.example', secret: again.secret });
    expect(() => readmit(issuer, id, again.secret, systemRandom)).toThrow('nobody who was admitted');
    answer('Ann');
    const second = await publish();
    const anew = second.leaves[memberOf('Ann').place as number];
    expect([first.leaves.includes(lost as string), second.leaves.includes(lost as string)]).toEqual([true, false]);
    expect([first.leaves.includes(anew as string), second.leaves.includes(anew as string)]).toEqual([false, true]);
    expect(second.header.size).toBe(2);
  });
});

describe('rolls on a schedule', () => {
  it('T86: come out at turns that nobody’s arrival has to do with, and bear the date of the turn', async () => {
    answer('Ann');
    await publish(TIME);
    expect(nextRollTurn(group(), TIME + 5)).toEqual({ due: null, time: TIME + 5 });
    set({ publishSeconds: DAY });
    const midnight = TIME - (TIME % DAY) + DAY;
    expect(nextRollTurn(group(), TIME + 5)).toMatchObject({ due: midnight });
    expect(nextRollTurn(group(), midnight - 1)).toMatchObject({ due: midnight });
    expect(nextRollTurn(group(), midnight)).toEqual({ due: null, time: midnight });
    expect(nextRollTurn(group(), midnight + 3 * DAY + 77)).toEqual({ due: null, time: midnight + 3 * DAY });
    answer('Bo');
    const { header } = await publish(nextRollTurn(group(), midnight + 4_321).time);
    expect(header.time).toBe(midnight);
    expect(nextRollTurn(group(), midnight + 4_400)).toMatchObject({ due: midnight + DAY });
  });

  it('have no turn to wait for before the first one', () => {
    set({ publishSeconds: 7 * DAY });
    expect(nextRollTurn(group(), TIME)).toEqual({ due: null, time: TIME });
  });
});
