import { describe, expect, it } from 'vitest';
import { isUnchanged, takeReplies } from '#app/issuer/groups/[id]/roll-merge.ts';
import { mergeGroups } from '#app/issuer/merge-groups.ts';
import { compareRolls } from '#app/issuer/roll-changes.ts';
import { inviteMembers, removeMember } from '#lib/issuing/invite.ts';
import {
  addGroup,
  createIssuer,
  findGroup,
  groupIdsOf,
  groupNameOf,
  type Issuer,
  type RosterMember,
  replaceGroup,
} from '#lib/issuing/issuer-file.ts';
import { makeRoll, markRollSent } from '#lib/issuing/make-roll.ts';

let drawn = 0;
const random = (length: number) => new Uint8Array(length).fill(++drawn);

function issuerWith(names: string[]): { issuer: Issuer; id: string } {
  const added = addGroup(createIssuer(random), 'Choir', []);
  if (!added.ok) throw new Error(added.code);
  const id = groupIdsOf(added.value)[0] as string;
  return { issuer: invite(added.value, id, names), id };
}

const invite = (issuer: Issuer, id: string, names: string[]) =>
  inviteMembers(
    issuer,
    id,
    names.map((name, i) => ({ row: i + 1, name, email: '' })),
    random,
  );

const replyOf = (i: number) => ({ commitment: String(i + 1), membership: i.toString(16).padStart(64, '0') });

function accept(issuer: Issuer, id: string, names: string[]): Issuer {
  const group = findGroup(issuer, id);
  const members = group.members.map((member, i) => (names.includes(member.name) ? { ...member, ...replyOf(i) } : member));
  return replaceGroup(issuer, id, { ...group, members });
}

async function publish(issuer: Issuer, id: string): Promise<Issuer> {
  const made = await makeRoll(issuer, id, { time: 1_000, trustees: [], random });
  if (!made.ok) throw new Error(made.code);
  return markRollSent(made.value.issuer, id);
}

describe('the preview of a roll', () => {
  it('names who joins, who leaves and how many stay', async () => {
    const { issuer, id } = issuerWith(['Ada', 'Ben', 'Cleo', 'Dan']);
    const first = await publish(accept(issuer, id, ['Ada', 'Ben']), id);
    expect(compareRolls(findGroup(issuer, id), findGroup(first, id))).toMatchObject({ joining: ['Ada', 'Ben'], leaving: [], staying: 0 });

    const ben = findGroup(first, id).members.find((member) => member.name === 'Ben');
    const changed = accept(removeMember(first, id, ben?.secret as string), id, ['Cleo']);
    const second = await publish(changed, id);
    expect(compareRolls(findGroup(changed, id), findGroup(second, id))).toEqual({
      joining: ['Cleo'],
      leaving: ['Ben'],
      staying: 1,
      leftOut: [],
      unknown: 0,
    });
  });

  it('T65: names whom it leaves out for what this keystore lacks, and counts members of whom it knows nothing', async () => {
    const { issuer, id } = issuerWith(['Ada', 'Ben', 'Cleo']);
    const first = await publish(accept(issuer, id, ['Ada', 'Ben', 'Cleo']), id);
    const group = findGroup(first, id);
    const members = [group.members[0], { ...group.members[1], membership: undefined }] as RosterMember[];
    const old = replaceGroup(first, id, { ...group, members });
    const next = await publish(old, id);
    expect(compareRolls(findGroup(old, id), findGroup(next, id))).toEqual({
      joining: [],
      leaving: [],
      staying: 1,
      leftOut: ['Ben'],
      unknown: 1,
    });
  });
});

describe('work on a roster that changed in the meantime', () => {
  it('keeps replies that a worker opened, and whoever was invited or struck while it worked', () => {
    const { issuer, id } = issuerWith(['Ada', 'Ben']);
    const opened = accept(issuer, id, ['Ada', 'Ben']);
    const struck = removeMember(invite(issuer, id, ['Cleo']), id, findGroup(issuer, id).members[1]?.secret as string);
    const members = findGroup(takeReplies(struck, findGroup(opened, id), id), id).members;
    expect(members.map(({ name, commitment, removed }) => [name, commitment, removed])).toEqual([
      ['Ada', '1', undefined],
      ['Ben', '2', true],
      ['Cleo', undefined, undefined],
    ]);
  });

  it('sees every change that a prepared roll does not hold', () => {
    const { issuer, id } = issuerWith(['Ada']);
    const before = findGroup(issuer, id);
    expect(isUnchanged(structuredClone(issuer), id, before)).toBe(true);
    expect(isUnchanged(invite(issuer, id, ['Ben']), id, before)).toBe(false);
    expect(isUnchanged(replaceGroup(issuer, id, { ...before, trustees: ['ab'.repeat(32)] }), id, before)).toBe(false);
  });
});

describe('the issuer’s list of groups', () => {
  it('tells groups of this key from those whose key is elsewhere and those this site does not know', () => {
    const { issuer, id } = issuerWith(['Ada', 'Ben']);
    const added = addGroup(issuer, 'Orchestra', []);
    if (!added.ok) throw new Error(added.code);
    const strange = { id: 'f'.repeat(64), group: { issuer: 'e'.repeat(64), name: 'Band' }, size: 40, number: 2, time: 9 };
    const known = [strange, { id, group: groupNameOf(issuer, 'Choir'), size: 1, number: 1, time: 9 }];
    expect(mergeGroups(added.value, known).map(({ name, standing, size, roster }) => [name, standing, size, roster])).toEqual([
      ['Choir', 'kept', 1, 2],
      ['Orchestra', 'unregistered', 0, 0],
      ['Band', 'elsewhere', 40, null],
    ]);
  });
});
