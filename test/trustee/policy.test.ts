import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDisk } from '#lib/host/disk.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import type { OpenedBy } from '#lib/protocol/permit/group-policy.ts';
import { checkTrusteePolicy } from '#lib/protocol/permit/trustee-policy.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import type { Duty } from '#lib/trustee/duty.ts';
import { fairOrder } from '#lib/trustee/fair-order.ts';
import { nextTurn } from '#lib/trustee/next-turn.ts';
import { hasRoom, makeTrusteePolicy, STANDARD_POLICY, writePolicy } from '#lib/trustee/policy.ts';
import { seeded } from '../circuits/signer.ts';
import { permitOnce } from '../support/recorded-entries.ts';
import { createGroup, createStatement, type TestGroup } from '../support/world.ts';
import { START, type Stage, setStage } from './stage.ts';

describe('the order of turns', () => {
  it('alternates between groups, and in each begins with what has waited longest', () => {
    const things = ['a3', 'a1', 'b2', 'a2', 'c1'];
    expect(
      fairOrder(
        things,
        ([group]) => group as string,
        ([, last]) => Number(last),
      ),
    ).toEqual(['a1', 'c1', 'b2', 'a2', 'a3']);
  });

  it('comes at every round while something happens, and more seldom where nothing does, but never past an end', () => {
    const duty = (idle: number, cadence = 0) =>
      ({ pace: { idle }, context: { statement: { cadence, openBy: 1_000 } }, journal: { destroyAt: 5_000 } }) as unknown as Duty;
    expect([0, 11].map((idle) => nextTurn(duty(idle), 2_000, 5))).toEqual([0, 0]);
    expect([12, 24, 1_000].map((idle) => nextTurn(duty(idle), 2_000, 5))).toEqual([2_010, 2_020, 2_030]);
    expect(nextTurn(duty(1_000, 3_600), 2_000, 5)).toBe(2_300);
    expect(nextTurn(duty(1_000), 995, 5)).toBe(1_001);
    expect(nextTurn(duty(1_000), 4_990, 5)).toBe(5_000);
  });

  it('leaves half of the places to other groups', () => {
    const policy = { ...STANDARD_POLICY, mostOpen: 4 };
    const by = (groups: string, kind: OpenedBy['by'] = 'member') => [...groups].map((group): OpenedBy => ({ by: kind, group }));
    const has = (open: OpenedBy[], wanted: OpenedBy[]) => wanted.map((one) => hasRoom(policy, open, one));
    expect(has(by('aa'), by('ab'))).toEqual([false, true]);
    expect(has([...by('aab'), ...by('b', 'account')], by('c', 'account'))).toEqual([false]);
  });

  it('T91: keeps a quarter for accounts, and gives them no more than half', () => {
    const policy = { ...STANDARD_POLICY, mostOpen: 8 };
    const by = (groups: string, kind: OpenedBy['by']) => [...groups].map((group): OpenedBy => ({ by: kind, group }));
    const has = (open: OpenedBy[], kind: OpenedBy['by']) => hasRoom(policy, open, { by: kind, group: 'z' });
    const members = by('abcdef', 'member');
    expect([has(members.slice(1), 'member'), has(members, 'member'), has(members, 'account')]).toEqual([true, false, true]);
    const accounts = by('abcd', 'account');
    expect([has(accounts.slice(1), 'account'), has(accounts, 'account'), has(accounts, 'member')]).toEqual([true, false, true]);
  });
});

describe('the policy of a trustee', () => {
  it('is one signed message for as long as it stays, and has the next number when it changes', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trustee-policy-'));
    const disk = createDisk(folder);
    const identity = { seed: seeded('trustee policy')(32), descriptor: { name: 'T', contact: 'c', key: 'ab'.repeat(32) } };
    try {
      await expect(makeTrusteePolicy(disk, identity)).rejects.toThrow('no policy of its own yet');
      const groups = ['cd'.repeat(32), 'ab'.repeat(32)];
      await writePolicy(disk, { ...STANDARD_POLICY, groups }, START);
      const first = await makeTrusteePolicy(disk, identity);
      expect(checkTrusteePolicy(first)).toMatchObject({ ok: true, value: { number: 1, groups: groups.toReversed(), time: START } });
      await writePolicy(disk, { ...STANDARD_POLICY, groups: groups.toReversed() }, START + 5);
      expect(await makeTrusteePolicy(disk, identity)).toEqual(first);
      await writePolicy(disk, { ...STANDARD_POLICY, groups, longestDays: 30 }, START + 9);
      expect(await makeTrusteePolicy(disk, identity)).toMatchObject({ number: 2, longestLife: 30 * 86_400, time: START + 9 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a trustee with a flood of statements of one group', () => {
  let stage: Stage;
  let other: TestGroup;
  let random: Random;
  const statementOf = (group: TestGroup): StatementContext =>
    createStatement([group], stage.committee, { count: 2 }, {
      verificationKey: stage.context.statement.verificationKey,
      setup: stage.context.statement.setup,
      random,
    }); // biome-ignore format: one statement
  const joined = (lines: readonly string[]) =>
    lines.filter((line) => line.includes('joined as')).map((line) => line.slice('statement '.length, 22));
  beforeEach(async () => {
    stage = await setStage({ seed: 'flood' });
    random = seeded('a flood of statements');
    other = createGroup('Harbour pilots', ['Ann Example', 'Ben Beispiel', 'Dana Przykład'], random);
    for (let i = 0; i < 12; i++) {
      const junk = statementOf(stage.group);
      stage.board.open(junk, [stage.group]);
    }
  });
  afterEach(() => stage.close());

  it('joins that of another in its first round, though it came last, and the others a few at a time', async () => {
    const honest = statementOf(other);
    stage.board.open(honest, [other]);
    const { trustee, lines } = await stage.start(1);
    expect(await trustee.runRound()).toBe(true);
    expect(joined(lines)).toHaveLength(4);
    expect(joined(lines)).toContain(honest.id.slice(0, 12));
    while (await trustee.runRound());
    expect(joined(lines)).toHaveLength(14);
  });

  it('takes on no more than its policy says, says so, and goes on when there is room', async () => {
    const { trustee, lines } = await stage.start(1, { policy: { ...STANDARD_POLICY, mostOpen: 6 } });
    while (await trustee.runRound());
    expect(joined(lines)).toHaveLength(3);
    expect(lines.filter((line) => line.includes('as the policy allows'))).toHaveLength(10);
    const honest = statementOf(other);
    stage.board.open(honest, [other]);
    const permit = await permitOnce(honest, other, 0, START);
    stage.board.openers.set(honest.id, { openedBy: { by: 'member', group: other.id }, permit });
    while (await trustee.runRound());
    expect(joined(lines).at(-1)).toBe(honest.id.slice(0, 12));
    expect(stage.clock.now).toBe(START);
  });

  it('makes nothing for a statement that its policy excludes, and says why', async () => {
    const { trustee, lines } = await stage.start(1, { policy: { ...STANDARD_POLICY, groups: [other.id] } });
    while (await trustee.runRound());
    expect(joined(lines)).toEqual([]);
    expect(lines.filter((line) => line.includes('GROUP_NOT_SERVED'))).toHaveLength(13);
    expect(stage.board.posted).toEqual([]);
  });
});
