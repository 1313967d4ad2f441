import { describe, expect, it } from 'vitest';
import { withRollThreads } from '#lib/agent/roll-threads.ts';
import { ApiError } from '#lib/api/api-error.ts';
import { checkGroupClaim } from '#lib/api/group-claim.ts';
import { createIssuerApi, type IssuerApi } from '#lib/api/issuer-client.ts';
import { invitationOf, inviteMembers, removeMember, ticketOf } from '#lib/issuing/invite.ts';
import {
  addGroup,
  createIssuer,
  findGroup,
  groupIdsOf,
  type Issuer,
  issuerKey,
  type RosterMember,
  replaceGroup,
} from '#lib/issuing/issuer-file.ts';
import { isHistoryLost, isLastRollLost } from '#lib/issuing/make-roll.ts';
import { publishNextRoll, registerGroup, sendTickets } from '#lib/issuing/run-group.ts';
import { checkCapsules } from '#lib/protocol/member/capsule.ts';
import { followsRoll, type RollHeader } from '#lib/protocol/member/roll.ts';
import { acceptInvitation, createWallet } from '#lib/signing/wallet.ts';
import { value } from '../signing/stage.ts';
import { systemRandom } from '../support/world.ts';

const TERMS = { time: 1_000, trustees: ['a'.repeat(64)], random: systemRandom };
const people = ['Ann', 'Bo', 'Cy'].map((name, i) => ({ row: i + 2, name, email: `${name}@example.org` }));

/** An issuer with a store on its disk, and a platform that keeps what the contract says it keeps. */
function setUp() {
  const created = value(addGroup(createIssuer(systemRandom), 'Upper house', []));
  const group = groupIdsOf(created)[0]!;
  const disk = { issuer: inviteMembers(created, group, people, systemRandom), writes: 0 };
  const store = {
    update: async (change: (issuer: Issuer) => Issuer | Promise<Issuer>) => {
      disk.issuer = await change(disk.issuer);
      disk.writes++;
      return disk.issuer;
    },
  };
  const waiting = new Map<string, { id: string; ciphertext: string }>();
  const answered = new Set<string>();
  const platform = { requests: [] as string[], rolls: [] as RollHeader[], capsules: [] as Uint8Array[], losesAnswer: false, isDown: false };
  const api: IssuerApi = createIssuerApi('https://example.org', async (input, init) => {
    const body =
      init.body instanceof FormData ? JSON.parse(String(init.body.get('roll'))) : init.body ? JSON.parse(String(init.body)) : null;
    if (init.body instanceof FormData) platform.capsules.push(new Uint8Array(await (init.body.get('capsules') as Blob).arrayBuffer()));
    platform.requests.push(`${init.method} ${new URL(input).pathname.split('/').at(-1)} ${body?.tickets?.length ?? ''}`.trim());
    if (platform.isDown) throw new TypeError('fetch failed');
    if (new URL(input).pathname.endsWith('/enrolments'))
      return Response.json({
        enrolments: [
          ...[...waiting].map(([ticket, enrolment]) => ({ ticket, ...enrolment, state: 'accepted' })),
          ...[...answered].map((ticket) => ({ ticket, state: 'enrolled' })),
        ],
      });
    if (input.endsWith('/rolls')) {
      for (const header of body.between ?? []) platform.rolls.push(header);
      const known = platform.rolls.some((header) => header.signature === body.header.signature);
      if (body.enrolled.some((ticket: string) => !answered.has(ticket) && !waiting.has(ticket))) return refusal('UNKNOWN_TICKET');
      if (!known && platform.rolls.length > 0 && !followsRoll(platform.rolls.at(-1) as RollHeader, body.header))
        return refusal('ROLL_CONFLICT');
      if (!known) platform.rolls.push(body.header);
      for (const ticket of body.enrolled) {
        waiting.delete(ticket);
        answered.add(ticket);
      }
      if (platform.losesAnswer) throw new TypeError('fetch failed');
      return Response.json({ hash: 'f'.repeat(64) }, { status: known ? 200 : 201 });
    }
    if (input.endsWith('/invitations')) return Response.json(init.method === 'POST' ? { added: 1 } : { withdrawn: 1 });
    return Response.json({ id: group }, { status: value(checkGroupClaim(body, 1_000)) ? 201 : 400 });
  });
  const join = (at: number) => {
    const issued = findGroup(disk.issuer, group);
    const { enrolment } = value(
      acceptInvitation(createWallet(systemRandom), invitationOf(disk.issuer, issued, issued.members[at]!), 'https://e.org'),
    );
    waiting.set(ticketOf(issued.members[at]!.secret), enrolment);
  };
  return { group, disk, store, api, platform, waiting, answered, join };
}

const refusal = (code: string) => Response.json({ error: { code, message: code } }, { status: 409 });

describe('running a group', () => {
  it('claims it with the issuer’s own key', async () => {
    const { api, disk, group } = setUp();
    const claims: unknown[] = [];
    const claimGroup: IssuerApi['claimGroup'] = async (claim) => {
      claims.push(claim);
      return { id: group };
    };
    await registerGroup({ ...api, claimGroup }, disk.issuer, group, 1_000);
    expect(value(checkGroupClaim(claims[0], 1_000)).group).toEqual({ issuer: issuerKey(disk.issuer), name: 'Upper house' });
  });

  it('sends no roll again in whose place another copy of the keystore has published one', async () => {
    const { api, store, disk, group, platform, answered, join } = setUp();
    join(0);
    const copy = disk.issuer;
    platform.losesAnswer = true;
    await expect(publishNextRoll(api, store, group, TERMS)).rejects.toThrow();
    const own = disk.issuer;
    // It has never arrived, and the other copy was faster.
    Object.assign(platform, { losesAnswer: false, rolls: [] });
    answered.clear();
    join(0);
    disk.issuer = copy;
    value(await publishNextRoll(api, store, group, { ...TERMS, time: 1_001 }));
    disk.issuer = own;
    platform.requests = [];
    await expect(publishNextRoll(api, store, group, { ...TERMS, shown: platform.rolls })).rejects.toMatchObject({ code: 'ROLL_CONFLICT' });
    expect(platform.requests).toEqual([]);
    expect(platform.rolls).toHaveLength(1);
  });

  it('sends tickets of those who have not joined and takes back those of people who were struck', async () => {
    const { api, disk, group, platform } = setUp();
    const struck = removeMember(disk.issuer, group, findGroup(disk.issuer, group).members[1]!.secret);
    await sendTickets(api, struck, group);
    expect(platform.requests).toEqual(['POST invitations 2', 'DELETE invitations 1']);
  });

  it('hands in as many tickets at a time as the platform takes, of the fullest roster too', async () => {
    const { api, group, platform } = setUp();
    const tickets = Array<string>(100_000).fill('ab'.repeat(32));
    expect(await api.addInvitations(group, tickets)).toEqual({ added: 5 });
    expect(await api.withdrawInvitations(group, tickets)).toEqual({ withdrawn: 5 });
    const sizes = platform.requests.map((request) => Number(request.split(' ')[2]));
    expect(sizes).toEqual(Array(10).fill(20_000));
  });

  it('takes in whoever has accepted and publishes a roll that follows the one before', async () => {
    const { api, store, disk, group, platform, join } = setUp();
    join(0);
    const first = value(await publishNextRoll(api, store, group, TERMS));
    join(1);
    join(2);
    const second = value(await publishNextRoll(api, store, group, TERMS));
    expect([first.header.size, second.header.size]).toEqual([1, 3]);
    expect(followsRoll(first.header, second.header)).toBe(true);
    expect(platform.rolls).toEqual([first.header, second.header]);
    expect(platform.rolls.map((header, i) => checkCapsules(header, platform.capsules[i] as Uint8Array).ok)).toEqual([true, true]);
    expect(findGroup(disk.issuer, group).unsent).toBeUndefined();
    expect(await publishNextRoll(api, store, group, TERMS)).toMatchObject({ ok: false, code: 'NOTHING_NEW' });
  });

  it('makes a roll in other threads, which leave this one free, and which a fault of theirs ends', async () => {
    const { api, store, group, disk, platform, join } = setUp();
    for (const at of [0, 1, 2]) join(at);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const publish = (work: object) => publishNextRoll(api, store, group, { ...TERMS, ...work });
    const made = value(await withRollThreads(2, publish));
    expect([made.header.size, made.refused, made.leftOut]).toEqual([3, [], []]);
    expect(checkCapsules(platform.rolls[0]!, platform.capsules[0] as Uint8Array).ok).toBe(true);
    expect(turns).toBeGreaterThan(0);
    turns = 0;
    expect(await publish({})).toMatchObject({ code: 'NOTHING_NEW' });
    expect(turns).toBe(0);
    clearInterval(counting);
    await expect(withRollThreads(1, async ({ open }) => open(disk.issuer, 'ab'.repeat(32), []))).rejects.toThrow(
      'not a group of this issuer',
    );
  });

  it('goes on after the platform’s answer was lost, without a second roll of one number', async () => {
    const { api, store, disk, group, platform, join } = setUp();
    join(0);
    platform.losesAnswer = true;
    await expect(publishNextRoll(api, store, group, TERMS)).rejects.toSatisfy((error) => ApiError.is(error, 'NETWORK'));
    expect(findGroup(disk.issuer, group).unsent).toBe(true);
    platform.losesAnswer = false;
    join(1);
    const next = value(await publishNextRoll(api, store, group, { ...TERMS, time: 2_000 }));
    expect(platform.rolls.map(({ number }) => number)).toEqual([1, 2]);
    expect(followsRoll(platform.rolls[0]!, next.header)).toBe(true);
  });

  it('sends its last roll again to a platform that was put back from before it, and goes on', async () => {
    const { api, store, disk, group, platform, answered, join } = setUp();
    join(0);
    value(await publishNextRoll(api, store, group, { ...TERMS, shown: [] }));
    join(1);
    value(await publishNextRoll(api, store, group, { ...TERMS, shown: [platform.rolls[0]!] }));
    const lost = platform.rolls.pop()!;
    answered.delete(ticketOf(findGroup(disk.issuer, group).members[1]!.secret));
    join(2);
    const next = value(await publishNextRoll(api, store, group, { ...TERMS, shown: [platform.rolls[0]!] }));
    expect(platform.rolls.map(({ number, size }) => [number, size])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect([platform.rolls[1], next.leftOut]).toEqual([lost, []]);
  });

  it('brings back all rolls that the platform has lost, and says so where it remembers too few', async () => {
    const { api, store, disk, group, platform, join } = setUp();
    const publish = async (shown = platform.rolls.toReversed()) => publishNextRoll(api, store, group, { ...TERMS, shown });
    for (const at of [0, 1, 2]) {
      join(at);
      value(await publish());
    }
    const whole = [...platform.rolls];
    for (const kept of [1, 0]) {
      platform.rolls.length = kept;
      expect(await publish()).toMatchObject({ code: 'NOTHING_NEW' });
      expect(platform.rolls).toEqual(whole);
    }
    const { earlier, ...forgetful } = findGroup(disk.issuer, group);
    expect(earlier).toEqual(whole.slice(0, -1));
    const shown = whole.slice(0, 1);
    expect(isHistoryLost(findGroup(disk.issuer, group), shown)).toBe(false);
    expect([isHistoryLost(forgetful, shown), isLastRollLost(forgetful, shown)]).toEqual([true, false]);
    disk.issuer = replaceGroup(disk.issuer, group, forgetful);
    expect(await publish(shown)).toMatchObject({ code: 'ROLLS_LOST' });
    expect([isHistoryLost(forgetful, whole.toReversed()), isLastRollLost(forgetful, whole.toReversed())]).toEqual([false, false]);
  });

  it('makes no more rolls within a day than a platform takes', async () => {
    const { api, store, disk, group, platform, join } = setUp();
    join(0);
    const { header } = value(await publishNextRoll(api, store, group, TERMS));
    const shown = Array.from({ length: 100 }, () => header);
    const before = disk.issuer;
    join(1);
    expect(await publishNextRoll(api, store, group, { ...TERMS, shown })).toMatchObject({ code: 'ROLL_SOON' });
    expect([disk.issuer, platform.rolls.length]).toEqual([before, 1]);
    expect((await publishNextRoll(api, store, group, { ...TERMS, time: header.time + 86_400, shown })).ok).toBe(true);
  });

  it('sends nothing that is not stored', async () => {
    const { api, group, platform, join, disk } = setUp();
    join(0);
    const full = {
      update: async (change: (issuer: Issuer) => Issuer | Promise<Issuer>) => {
        const next = await change(disk.issuer);
        if (next !== disk.issuer) throw new Error('the disk is full');
        return next;
      },
    };
    await expect(publishNextRoll(api, full, group, TERMS)).rejects.toThrow('the disk is full');
    expect(platform.rolls).toEqual([]);
  });

  it('takes in no more newcomers than it may, but keeps what they answered', async () => {
    const { api, store, group, disk, platform, join } = setUp();
    for (const at of [0, 1]) join(at);
    expect(await publishNextRoll(api, store, group, { ...TERMS, most: 1 })).toMatchObject({ ok: false, code: 'ROLL_GROWS', detail: '2' });
    expect([platform.rolls, findGroup(disk.issuer, group).members.filter(({ commitment }) => commitment)]).toMatchObject([[], [{}, {}]]);
    expect(value(await publishNextRoll(api, store, group, { ...TERMS, most: 2 })).header.size).toBe(2);
    join(2);
    expect(value(await publishNextRoll(api, store, group, { ...TERMS, most: 1 })).header.size).toBe(3);
  });

  it('says in the header how members came, where it is known of all of them', async () => {
    const { api, store, group, disk, join } = setUp();
    const cameBy = (at: number, way: 2 | 5) => {
      const issued = findGroup(disk.issuer, group);
      const members = issued.members.map((member, i) => (i === at ? { ...member, way } : member));
      disk.issuer = replaceGroup(disk.issuer, group, { ...issued, members });
    };
    cameBy(0, 5);
    for (const at of [0, 1]) join(at);
    expect(value(await publishNextRoll(api, store, group, TERMS)).header).not.toHaveProperty('admitted');
    cameBy(1, 2);
    cameBy(2, 5);
    join(2);
    const { header } = value(await publishNextRoll(api, store, group, TERMS));
    expect(header.admitted).toEqual([
      { way: 2, count: 1 },
      { way: 5, count: 2 },
    ]);
  });

  it('names those whose answer was forged and takes in the rest', async () => {
    const { api, store, group, waiting, join } = setUp();
    join(0);
    join(1);
    const [first, second] = [...waiting.values()];
    first!.ciphertext = second!.ciphertext;
    const made = value(await publishNextRoll(api, store, group, TERMS));
    expect(made.header.size).toBe(1);
    expect(made.refused).toMatchObject([{ name: 'Ann', code: 'ENROLMENT_FORGED' }]);
  });

  it('T65: says whom the roll leaves out, and hands in their fresh invitations', async () => {
    const { api, store, disk, group, platform, join } = setUp();
    for (const at of [0, 1]) join(at);
    value(await publishNextRoll(api, store, group, TERMS));
    const issued = findGroup(disk.issuer, group);
    const members = issued.members.map((member, i) => (i === 1 ? { ...member, membership: undefined } : member)) as RosterMember[];
    disk.issuer = replaceGroup(disk.issuer, group, { ...issued, members });
    platform.requests.length = 0;
    const next = value(await publishNextRoll(api, store, group, TERMS));
    expect(next).toMatchObject({ header: { number: 2, size: 1 }, leftOut: ['Bo'] });
    expect(platform.requests).toEqual(['GET enrolments', 'POST rolls', 'POST invitations 2']);
  });

  it('keeps what it has opened even when there is no roll to make', async () => {
    const { api, store, disk, group } = setUp();
    expect(await publishNextRoll(api, store, group, TERMS)).toMatchObject({ ok: false, code: 'NOBODY_ENROLLED' });
    expect(disk.writes).toBeGreaterThan(0);
  });
});
