import { hexToBytes } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeDifference } from '#app/issuer/roll-difference.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import { compareWithNewest, continueFrom, findClaimed, type RollDifference } from '#lib/issuing/continue-roll.ts';
import { exportInvitations, invitationOf, inviteMembers, removeMember, ticketOf, ticketsOf } from '#lib/issuing/invite.ts';
import { addGroup, createIssuer, findGroup, groupIdsOf, type Issuer, parseIssuer } from '#lib/issuing/issuer-file.ts';
import { makeRoll, markRollSent, type RollToPublish } from '#lib/issuing/make-roll.ts';
import { openEnrolments } from '#lib/issuing/open-enrolments.ts';
import { depthFor, followsRoll, type RollHeader } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { type Field, parseField } from '#lib/protocol/numbers/field.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { publishRoll } from '#lib/server/rolls/publish.ts';
import { acceptInvitation, createWallet } from '#lib/signing/wallet.ts';
import { value } from '../signing/stage.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { systemRandom } from '../support/world.ts';

const NAMES = ['Ann', 'Bo', 'Cy', 'Di', 'Ed'];

/** A keystore, what it has published, and the names of who is in its roster by place in the list. */
class Keystore {
  issuer: Issuer;
  readonly group: string;
  readonly rolls: RollToPublish[] = [];

  constructor(issuer: Issuer = invited()) {
    this.issuer = issuer;
    this.group = groupIdsOf(issuer)[0] as string;
  }

  get members() {
    return findGroup(this.issuer, this.group).members;
  }

  join(...names: string[]): this {
    const issued = findGroup(this.issuer, this.group);
    const enrolments = issued.members
      .filter(({ name }) => names.includes(name))
      .map((member) => {
        const { enrolment } = value(
          acceptInvitation(createWallet(systemRandom), invitationOf(this.issuer, issued, member), 'https://e.org'),
        );
        return { ticket: ticketOf(member.secret), ...enrolment };
      });
    this.issuer = openEnrolments(this.issuer, this.group, enrolments).issuer;
    return this;
  }

  strike(name: string): this {
    this.issuer = removeMember(this.issuer, this.group, this.members.find((member) => member.name === name)?.secret as string);
    return this;
  }

  /** Signs the next roll; the platform is said to have it unless `isSent` is false. */
  async publish(time: number, isSent = true): Promise<this> {
    const made = value(await makeRoll(this.issuer, this.group, { time, trustees: [], random: systemRandom }));
    this.issuer = isSent ? markRollSent(made.issuer, this.group) : made.issuer;
    this.rolls.push(made.roll);
    return this;
  }

  copy(): Keystore {
    return new Keystore(value(parseIssuer(JSON.stringify(this.issuer))));
  }

  /** What a platform that has these rolls shows. */
  get shown(): [RollHeader[], Uint8Array] {
    return [this.rolls.map(({ header }) => header).reverse(), fileOf(this.rolls.at(-1) as RollToPublish)];
  }

  compareWith(other: Keystore): RollDifference {
    return value(compareWithNewest(this.issuer, this.group, ...other.shown));
  }

  placeOf(name: string): number | undefined {
    return this.members.find((member) => member.name === name)?.place;
  }
}

function invited(): Issuer {
  const issuer = value(addGroup(createIssuer(systemRandom), 'Upper house', []));
  const rows = NAMES.map((name, i) => ({ row: i + 2, name, email: '' }));
  return inviteMembers(issuer, groupIdsOf(issuer)[0] as string, rows, systemRandom);
}

function fileOf({ leaves }: RollToPublish): Uint8Array {
  const numbers = leaves.map((leaf) => parseField(leaf)!);
  return encodeRollFile(plantTree(numbers, depthFor(numbers.length)));
}

/** Roll 1 with Ann, Bo and Cy; the keystore is copied; then Di and Ed come, Bo goes, and the copy is restored. */
async function restored(): Promise<{ newer: Keystore; old: Keystore }> {
  const newer = await new Keystore().join('Ann', 'Bo', 'Cy').publish(1_800_000_000);
  const old = newer.copy();
  await newer.join('Di').publish(1_800_100_000);
  await newer.join('Ed').strike('Bo').publish(1_800_200_000);
  return { newer, old };
}

describe('an old keystore beside the newest roll', () => {
  it('finds its members at their places, those struck since, and leaves that it cannot name', async () => {
    const { newer, old } = await restored();
    const difference = old.compareWith(newer);
    expect(difference).toMatchObject({ newest: { number: 3, size: 4 }, shared: { number: 1 }, discarded: null });
    const secretOf = (name: string) => old.members.find((member) => member.name === name)?.secret as string;
    expect([...difference.places]).toEqual([
      [secretOf('Ann'), 0],
      [secretOf('Cy'), 2],
    ]);
    expect(difference.struck).toEqual([secretOf('Bo')]);
    expect(difference.unknown).toBe(2);
    expect(describeDifference(findGroup(old.issuer, old.group), difference, ['Di', 'Ed'], 'UTC')).toEqual([
      'This site has roll 3 of 17 January 2027 with 4 members; this keystore knows roll 1 of 15 January 2027 with 3 members. All rolls in between are signed with your key.',
      '2 members of your roster are in the newest roll and keep their places.',
      'No longer in the newest roll, and so removed from this roster too: “Bo”.',
      '2 members of the newest roll are not known to this keystore: it lacks what they replied, and without that nobody could ever read their names. The next roll leaves them out, and they have to join anew.',
      'This site says that these have joined since, and cannot prove it: “Di”, “Ed”. If you go on, they get new invitations; send them their links.',
      'A site can hide a roll, and nothing here can show that. Before you go on, compare the number and date of the newest roll, 3 of 17 January 2027, with what your members or statements show: with two rolls of one number, both signed with your key, nobody can trust your group.',
    ]);
  });

  it('cannot see that a platform hides the newest roll, and asks the issuer to compare it with what others show', async () => {
    const { newer, old } = await restored();
    const [headers] = newer.shown;
    const difference = value(compareWithNewest(old.issuer, old.group, headers.slice(1), fileOf(newer.rolls[1] as RollToPublish)));
    const next = new Keystore(continueFrom(old.issuer, old.group, difference, [], systemRandom));
    await next.strike('Bo').publish(1_800_300_000);
    const [hidden, second] = [newer.rolls[2] as RollToPublish, next.rolls[0] as RollToPublish];
    expect(second.header.number).toBe(hidden.header.number);
    expect(second.header.root).not.toBe(hidden.header.root);
    for (const { header } of [hidden, second]) expect(followsRoll((newer.rolls[1] as RollToPublish).header, header)).toBe(true);
    const words = describeDifference(findGroup(old.issuer, old.group), difference, [], 'UTC');
    expect(words.at(-1)).toContain('2 of 16 January 2027, with what your members or statements show');
  });

  it('says of whom the platform claims that they joined', async () => {
    const { newer, old } = await restored();
    const states = newer.members.map(({ secret, name }) => ({
      ticket: ticketOf(secret),
      state: name === 'Di' ? ('enrolled' as const) : ('invited' as const),
    }));
    expect(findClaimed(old.members, states).map(({ name }) => name)).toEqual(['Di']);
  });

  it('believes nothing that its own key has not signed, and no history with a gap or another end', async () => {
    const { newer, old } = await restored();
    const [headers, file] = newer.shown;
    const [third, second, first] = headers as [RollHeader, RollHeader, RollHeader];
    const codeOf = (shown: RollHeader[], bytes = file) => {
      const compared = compareWithNewest(old.issuer, old.group, shown, bytes);
      return compared.ok ? 'ok' : compared.code;
    };
    expect(codeOf(headers)).toBe('ok');
    expect(codeOf([])).toBe('NO_ROLL');
    expect(codeOf([first])).toBe('NOTHING_NEWER');
    expect(codeOf([{ ...third, size: 5 }, second, first])).toBe('BAD_HISTORY');
    expect(codeOf([third, first])).toBe('BAD_HISTORY');
    expect(codeOf([third, second])).toBe('BAD_HISTORY');
    expect(codeOf(headers, fileOf(newer.rolls[1] as RollToPublish))).toBe('BAD_LEAVES');
    expect(codeOf(headers, file.slice(1))).toBe('BAD_LEAVES');
    const other = await new Keystore({ ...old.issuer, seed: 'ab'.repeat(32) }).join('Di').publish(1_800_000_000);
    expect(codeOf(...other.shown)).toBe('BAD_HISTORY');
    const elsewhere = new Keystore({ ...old.issuer, groups: [{ name: 'Upper house', trustees: [], members: [] }] });
    elsewhere.issuer = inviteMembers(elsewhere.issuer, elsewhere.group, [{ row: 2, name: 'Zoe', email: '' }], systemRandom);
    await elsewhere.join('Zoe').publish(1_800_000_000);
    expect(codeOf(...elsewhere.shown)).toBe('OTHER_HISTORY');
  });

  it('gives up a roll that it signed and the platform did not take', async () => {
    const { newer, old } = await restored();
    await old.join('Ed').publish(1_800_300_000, false);
    const difference = old.compareWith(newer);
    expect(difference).toMatchObject({ shared: { number: 1 }, discarded: 2 });
    expect(difference.struck.map((secret) => old.members.find((member) => member.secret === secret)?.name)).toEqual(['Bo']);
    const next = new Keystore(continueFrom(old.issuer, old.group, difference, [], systemRandom));
    expect(findGroup(next.issuer, next.group).unsent).toBeUndefined();
    await next.publish(1_800_400_000);
    expect(next.rolls[0]?.header).toMatchObject({ number: 4, size: 3 }); // Ann, Cy, and Ed, who was let in here under another wallet
  });
});

describe('going on from the newest roll', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(() => platform?.stop());

  /** Hands rolls in, each as it was signed, and gives the code of the first that is refused. */
  async function handIn(keystore: Keystore, rolls: RollToPublish[]): Promise<string> {
    for (const { capsules, ...roll } of rolls) {
      const sent = { ...roll, enrolled: [] };
      platform.clock.now = roll.header.time;
      const refused = await publishRoll(platform.ctx, platform.keeper, keystore.group, sent, capsules).then(
        () => null,
        (error: { code: string }) => error.code,
      );
      if (refused) return refused;
    }
    return 'taken';
  }

  it('is a conflict no more; T65: unknown members are left out, and join anew with fresh invitations', async () => {
    const { newer, old } = await restored();
    const claim = signGroupClaim('Upper house', platform.clock.now, hexToBytes(newer.issuer.seed));
    await claimGroup(platform.ctx, platform.keeper, claim);
    expect(await handIn(newer, newer.rolls)).toBe('taken');
    const astray = await old.copy().join('Di').publish(1_800_300_000);
    expect(await handIn(old, astray.rolls)).toBe('ROLL_CONFLICT');

    const claimed = old.members.filter(({ name }) => ['Di', 'Ed'].includes(name)).map(({ secret }) => secret);
    const next = new Keystore(continueFrom(old.issuer, old.group, old.compareWith(newer), claimed, systemRandom)).copy();
    const tickets = ticketsOf(findGroup(next.issuer, next.group));
    for (const secret of claimed) expect(tickets.has(ticketOf(secret))).toBe(false);
    expect(exportInvitations('https://example.org', next.issuer, next.group).split('\r\n').slice(1, -1)).toHaveLength(2);
    await next.publish(1_800_400_000);
    const [roll] = next.rolls as [RollToPublish];
    expect(followsRoll((newer.rolls[2] as RollToPublish).header, roll.header)).toBe(true);
    expect(roll.header).toMatchObject({ number: 4, size: 2 });
    expect([next.placeOf('Ann'), next.placeOf('Bo'), next.placeOf('Cy')]).toEqual([0, undefined, 2]);
    for (const name of ['Di', 'Ed']) expect(roll.leaves).not.toContain(newer.rolls[2]?.leaves[newer.placeOf(name) as number]);
    expect(await handIn(next, next.rolls)).toBe('taken');

    await next.join('Di').publish(1_800_500_000);
    expect(next.rolls[1]?.header).toMatchObject({ number: 5, size: 3 });
    expect(await handIn(next, next.rolls)).toBe('taken');
  });

  it('forgets nobody’s open invitation because the platform says that they have joined and they are here already', async () => {
    const { newer, old } = await restored();
    const ann = old.members.find(({ name }) => name === 'Ann');
    const issuer = continueFrom(old.issuer, old.group, old.compareWith(newer), [ann?.secret as string], systemRandom);
    expect(findGroup(issuer, old.group).members.find(({ name }) => name === 'Ann')).toMatchObject({ secret: ann?.secret, place: 0 });
  });

  it('leaves unknown members out although this browser still has the tree of the newest roll', async () => {
    const { newer, old } = await restored();
    const tree = plantTree(
      (newer.rolls[2] as RollToPublish).leaves.map((leaf) => parseField(leaf) as Field),
      3,
    );
    const issuer = continueFrom(old.issuer, old.group, old.compareWith(newer), [], systemRandom);
    const terms = { time: 1_800_400_000, trustees: [], random: systemRandom };
    const quick = value(await makeRoll(issuer, old.group, { ...terms, tree }));
    expect(quick.roll).toEqual(value(await makeRoll(issuer, old.group, terms)).roll);
    expect(quick.roll.header.size).toBe(2);
  });
});
