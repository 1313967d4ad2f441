import { concatBytes } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eq, inArray } from '#db/drizzle.cjs';
import { drafts, permits } from '#db/schema/board.ts';
import { rolls, rollTrees } from '#db/schema/membership.ts';
import { decodeTree, encodeRollFile, encodeTree } from '#lib/api/roll-file.ts';
import { CAPSULE_BYTES, hashCapsules, joinCapsules, makeCapsule } from '#lib/protocol/member/capsule.ts';
import { createIdentity } from '#lib/protocol/member/credential.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { plantTree } from '#lib/protocol/member/roll-tree.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type Field, formatField } from '#lib/protocol/numbers/field.ts';
import { hash2 } from '#lib/protocol/numbers/poseidon.ts';
import { type Permit, weekOf } from '#lib/protocol/permit/permit.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { joinHashes } from '#lib/server/board/listed-hashes.ts';
import { getGroupView } from '#lib/server/groups/list.ts';
import { layOutRoll } from '#lib/server/rolls/lay-out-roll.ts';
import { readCapsuleHashes, readRollFile, readRollHeader } from '#lib/server/rolls/read.ts';
import {
  inventNames,
  openKeyedStatement,
  prepareStatement,
  publishGroup,
  publishRollOf,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { askOn, publishChallenge } from '../support/publish-challenge.ts';
import { createGroup, type Member, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

vi.mock('#lib/protocol/numbers/poseidon.ts', { spy: true });

let platform: TestPlatform;
let group: TestGroup;
beforeAll(async () => {
  platform = await startPlatform();
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  await publishGroup(platform, group);
});
afterAll(() => platform?.stop());

const newMember = (name: string): Member => ({ identity: createIdentity(systemRandom), name });
const grow = (before: TestGroup, name = 'One More') => nextRoll(before, [...before.members, newMember(name)]);
const storedTree = async () => {
  const [row] = await platform.ctx.db.select().from(rollTrees).where(eq(rollTrees.groupId, group.id));
  return row;
};
const layOut = ({ header, leaves, capsules }: TestGroup, before: Uint8Array | null) =>
  layOutRoll(header, leaves.map(formatField), capsules, before);

describe('a published roll', () => {
  it('leaves its tree for the next, which hashes only what has changed', async () => {
    const stored = await storedTree();
    expect(stored?.roll).toBe(rollHash(group.header));
    expect(decodeTree(stored!.nodes)).toEqual(plantTree(group.leaves, group.header.depth));

    const next = grow(group);
    vi.mocked(hash2).mockClear();
    const laid = layOut(next, stored!.nodes);
    expect(hash2).toHaveBeenCalledTimes(next.header.depth);
    const whole = layOut(next, null);
    expect(laid).toEqual(whole.ok && { ok: true, value: { ...whole.value, changes: { added: 1, removed: 0 } } });
    expect(whole).toMatchObject({ value: { changes: null } }); // nobody can count without the roll before

    await publishRollOf(platform, next);
    const tree = plantTree(next.leaves, next.header.depth);
    expect(await storedTree()).toMatchObject({ roll: rollHash(next.header), nodes: encodeTree(tree) });
    expect(await readRollFile(platform.ctx, rollHash(next.header))).toEqual(encodeRollFile(tree));
    group = next;
  });

  it('is refused where its group has had a hundred within a day, and says from when on the next may come', async () => {
    const first = createGroup('Many rolls', inventNames(8), systemRandom);
    await publishGroup(platform, first);
    let last = first;
    const between: RollHeader[] = [];
    for (let i = 2; i < 100; i++) {
      last = nextRoll(last, last.members);
      between.push(last.header);
    }
    const hundredth = nextRoll(last, last.members);
    await publishRollOf(platform, hundredth, [], between);
    const soon = nextRoll(hundredth, first.members, first.header.time + 86_399);
    platform.clock.now += 86_400;
    const refusal = { code: 'ROLL_SOON', detail: expect.stringContaining(new Date((first.header.time + 86_400) * 1000).toISOString()) };
    await expect(publishRollOf(platform, soon)).rejects.toMatchObject(refusal);
    expect(await publishRollOf(platform, nextRoll(hundredth, first.members, first.header.time + 86_400))).toMatchObject({ isNew: true });
    const lost = between[5] as RollHeader;
    expect(await readRollHeader(platform.ctx, rollHash(lost))).toEqual(lost);
    for (const read of [readRollFile, readCapsuleHashes])
      await expect(read(platform.ctx, rollHash(lost))).rejects.toMatchObject({ code: 'ROLL_NOT_FOUND' });
    platform.clock.now -= 86_400;
  });

  it('brings headers of lost rolls with it that lead to it, and no others', async () => {
    const first = createGroup('Lost rolls', inventNames(8), systemRandom);
    await publishGroup(platform, first);
    const [second, other] = [grow(first), grow(first, 'Other')];
    const third = grow(second);
    for (const between of [[], [other.header], [first.header, second.header], [second.header, second.header]])
      await expect(publishRollOf(platform, third, [], between)).rejects.toMatchObject({ code: 'ROLL_CONFLICT' });
    const forged = [{ ...second.header, size: 10 }];
    await expect(publishRollOf(platform, third, [], forged)).rejects.toMatchObject({ code: 'ROLL_SIGNATURE' });
    expect(await publishRollOf(platform, third, [], [second.header])).toMatchObject({ isNew: true });
    expect((await getGroupView(platform.ctx, first.id, 10)).rolls.map(({ isChained, header }) => [header.number, isChained])).toEqual([
      [3, true],
      [2, true],
      [1, true],
    ]);
  });

  it('may be dated far back only while no member’s permit of the group is kept', async () => {
    const { ctx, clock } = platform;
    const first = createGroup('Long away', inventNames(8), systemRandom);
    await publishGroup(platform, first);
    const second = nextRoll(first, first.members);
    clock.now += 30 * 86_400;
    const body = { said: { group: first.id } } as Permit;
    await ctx.db.insert(permits).values({ nullifier: 7n as Field, statement: 'c'.repeat(64), week: weekOf(clock.now), body });
    await expect(publishRollOf(platform, second)).rejects.toMatchObject({ code: 'ROLL_TIME' });
    await ctx.db.delete(permits);
    expect(await publishRollOf(platform, second)).toMatchObject({ isNew: true });
    clock.now -= 30 * 86_400;
  });

  it('is taken although the tree before it was lost, or is not what it was', async () => {
    const { ctx } = platform;
    const publishNext = async () => {
      group = grow(group);
      await publishRollOf(platform, group);
    };
    await ctx.db.delete(rollTrees);
    await publishNext();
    const wrong = encodeTree(plantTree([5n as Field, 6n as Field], 3));
    const { nodes: right } = (await storedTree())!;
    const asideByte = -65; // of the node beside the path to the newest member, just below the root: it is not hashed again
    for (const nodes of [wrong, Uint8Array.of(1, 2, 3), right.with(-1, 9), right.with(asideByte, 9)]) {
      await ctx.db.update(rollTrees).set({ nodes });
      await publishNext();
      expect(decodeTree((await storedTree())!.nodes)).toEqual(plantTree(group.leaves, group.header.depth));
    }
  });

  it('is refused under a root that is not its own, with the stored tree as without', () => {
    const next = grow(group);
    const wrong = { ...next, header: { ...next.header, root: '5' } };
    for (const before of [null, encodeTree(plantTree(group.leaves, group.header.depth))])
      expect(layOut(wrong, before)).toMatchObject({ ok: false, code: 'ROLL_ROOT' });
  });
});

describe('the leaves of a roll', () => {
  it('go a month after the next, and only where no statement, draft or open question names it; its header stays', async () => {
    const { ctx, clock } = platform;
    const start = clock.now;
    const history = [createGroup('Many changes', inventNames(8), systemRandom)];
    await publishGroup(platform, history[0] as TestGroup);
    const publishNext = async () => {
      history.push(nextRoll(history.at(-1) as TestGroup, history[0]!.members, clock.now));
      await publishRollOf(platform, history.at(-1) as TestGroup);
    };
    const { committee } = await openKeyedStatement(platform, [history[0] as TestGroup], { count: 3 });
    for (let i = 0; i < 4; i++) await publishNext();
    const hashes = history.map(({ header }) => rollHash(header));
    const id = history[0]!.id;
    const question = askOn(platform, [history[1] as TestGroup], { expires: start + 60 * 86_400 });
    await publishChallenge(platform, question);
    const { context } = prepareStatement(platform, [history[2] as TestGroup], { count: 2 }, {}, committee);
    const draft = { id: context.id, groupId: id, body: context.statement, headers: [], openBy: clock.now + 10, week: 1 };
    await ctx.db.insert(drafts).values(draft);
    const standing = async () => {
      await publishNext();
      const rows = await ctx.db
        .select({ hash: rolls.hash, file: rolls.file, names: rolls.names })
        .from(rolls)
        .where(inArray(rolls.hash, hashes));
      return hashes.map((hash) => rows.some((row) => row.hash === hash && row.file.length > 0 && row.names.length > 0));
    };
    clock.now += 30 * 86_400;
    expect(await standing()).toEqual([true, true, true, true, true]);
    clock.now += 1;
    expect(await standing()).toEqual([true, true, true, false, true]); // the last was the newest until a moment ago
    await ctx.db.delete(drafts);
    clock.now = question.challenge.expires + 1;
    expect(await standing()).toEqual([true, false, false, false, false]);
    for (const read of [readRollFile, readCapsuleHashes])
      await expect(read(ctx, hashes[3] as Hex32)).rejects.toMatchObject({ code: 'ROLL_NOT_FOUND' });
    expect(await Promise.all(hashes.map((hash) => readRollHeader(ctx, hash)))).toEqual(history.slice(0, 5).map(({ header }) => header));
    expect((await getGroupView(ctx, id, 10)).rolls.every(({ isChained }) => isChained)).toBe(true);
    clock.now = start;
  });
});

describe('the capsules of a roll', () => {
  const capsuleOf = ({ header, id }: TestGroup, { identity, name }: Member) =>
    makeCapsule({ group: id, number: header.number }, membershipOf(identity, id), name);

  it('are shown by their hashes alone, in the order of the file', async () => {
    const { header, capsules } = group;
    const hashes = await readCapsuleHashes(platform.ctx, rollHash(header));
    expect(hashes).toEqual(joinHashes(hashCapsules(capsules)));
    expect(hashes.length).toBe(32 * header.size);
    await expect(readCapsuleHashes(platform.ctx, 'ab'.repeat(32))).rejects.toMatchObject({ code: 'ROLL_NOT_FOUND' });
  });

  it('come with the roll, all of them and in their order, or the roll is refused (T45)', async () => {
    const next = grow(group);
    const own = next.members.map((member) => capsuleOf(next, member));
    const [first, second, ...others] = [...Array(own.length).keys()].map((i) =>
      next.capsules.subarray(i * CAPSULE_BYTES, (i + 1) * CAPSULE_BYTES),
    );
    const stranger = capsuleOf(next, newMember('Somebody Else'));
    const renamed = capsuleOf(next, { ...next.members[0]!, name: 'Another Name' });
    const ofBefore = makeCapsule(
      { group: next.id, number: group.header.number },
      membershipOf(next.members[0]!.identity, next.id),
      next.members[0]!.name,
    );
    const files = {
      missing: joinCapsules(own.slice(1)),
      none: new Uint8Array(),
      cut: next.capsules.subarray(1),
      more: joinCapsules([...own, stranger]),
      swapped: joinCapsules([stranger, ...own.slice(1)]),
      renamed: joinCapsules([renamed, ...own.slice(1)]),
      'of the roll before': joinCapsules([ofBefore, ...own.slice(1)]),
      'out of order': concatBytes(second!, first!, ...others),
      twice: concatBytes(first!, first!, ...others),
      changed: next.capsules.with(-1, (next.capsules.at(-1) as number) ^ 1),
    };
    for (const [what, capsules] of Object.entries(files))
      await expect(publishRollOf(platform, { ...next, capsules }), what).rejects.toMatchObject({ code: 'BAD_CAPSULES' });
    await expect(publishRollOf(platform, next)).resolves.toMatchObject({ isNew: true });
    group = next;
  });

  it('that come later change nothing: the roll stays as it was published (T45)', async () => {
    const late = { ...group, capsules: joinCapsules(group.members.map((member) => capsuleOf(group, { ...member, name: 'Late' }))) };
    expect(await publishRollOf(platform, late)).toMatchObject({ hash: rollHash(group.header), isNew: false });
    expect(await storedCapsules(group)).toEqual(group.capsules);
  });

  it('are erased only once neither the newest roll of their group nor needed by a statement that runs (T62)', async () => {
    const { ctx, clock } = platform;
    const crew = createGroup('Crew', inventNames(8), systemRandom);
    await publishGroup(platform, crew);
    const short = await openKeyedStatement(platform, [crew], { count: 3 });
    const long = await openKeyedStatement(platform, [crew], { count: 3 }, { deadline: short.context.statement.deadline + 5_000 });
    const second = grow(crew);
    const third = grow(second);
    await publishRollOf(platform, second);
    expect(await Promise.all([crew, second].map(storedCapsules))).toEqual([crew.capsules, second.capsules]);
    await publishRollOf(platform, third);
    expect(await Promise.all([crew, second, third].map(storedCapsules))).toEqual([crew.capsules, null, third.capsules]);

    clock.now = destructionTime(short.context.statement);
    await eraseUnopened(ctx);
    expect(await storedCapsules(crew)).toEqual(crew.capsules); // the other statement needs them
    clock.now = destructionTime(long.context.statement);
    await eraseUnopened(ctx);
    expect(await Promise.all([crew, third].map(storedCapsules))).toEqual([null, third.capsules]);
    expect(await readCapsuleHashes(ctx, rollHash(crew.header))).toEqual(joinHashes(hashCapsules(crew.capsules))); // public for ever
  });

  async function storedCapsules({ header }: TestGroup) {
    const [row] = await platform.ctx.db
      .select({ capsules: rolls.capsules })
      .from(rolls)
      .where(eq(rolls.hash, rollHash(header)));
    return row?.capsules;
  }
});
