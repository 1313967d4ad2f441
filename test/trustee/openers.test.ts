import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '#lib/api/request.ts';
import { createDisk } from '#lib/host/disk.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { STANDARD_RULES, signGroupPolicy } from '#lib/protocol/permit/group-policy.ts';
import { type Permit, startOfWeek } from '#lib/protocol/permit/permit.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { STANDARD_POLICY } from '#lib/trustee/policy.ts';
import { describeQueue } from '#lib/trustee/queue.ts';
import { seeded } from '../circuits/signer.ts';
import { permitOnce } from '../support/recorded-entries.ts';
import { createGroup, createStatement, nextRoll, type TestGroup } from '../support/world.ts';
import { type Actor, START, type Stage, setStage } from './stage.ts';

let stage: Stage;
let masters: TestGroup;
let random: Random;
beforeEach(async () => {
  stage = await setStage({ seed: 'openers' });
  random = seeded('who opens');
  masters = createGroup('Masters', ['Eve', 'Finn'], random);
  stage.board.openers.set(stage.context.id, {}); // the stage's own statement was opened by nobody
});
afterEach(() => stage.close());

const statementOf = (groups: TestGroup[] = [stage.group], change = {}): StatementContext => {
  const { verificationKey, setup } = stage.context.statement;
  const context = createStatement(groups, stage.committee, { count: 2 }, { verificationKey, setup, random, change });
  stage.board.open(context, groups);
  return context;
};
const permitOf = (context: StatementContext, member: number, slot = 0) => permitOnce(context, stage.group, member, START, slot);
const show = (context: StatementContext, permit: Permit | undefined, group = stage.group) =>
  void stage.board.openers.set(context.id, { openedBy: { by: 'member', group: group.id }, ...(permit ? { permit } : {}) });
const rounds = async ({ trustee }: Actor) => {
  while (await trustee.runRound());
};
const outcomeOf = ({ lines }: Actor, { id }: StatementContext) =>
  lines
    .filter((line) => line.startsWith(`statement ${id.slice(0, 12)}`))
    .flatMap((line) => /joined as|not joined: \w+|waits|cannot be judged/.exec(line)?.[0] ?? [])
    .at(-1);

describe('a trustee that is shown a statement of a member', () => {
  it('T90: joins it with a permit that holds, and none that a platform has made up, moved or taken from another', async () => {
    const [good, moved, forged, bare, foreign] = [statementOf(), statementOf(), statementOf(), statementOf(), statementOf()];
    const permit = await permitOf(good, 0);
    show(good, permit);
    show(moved, { ...permit, said: { ...permit.said, statement: moved.id } });
    show(forged, { ...permit, nullifier: '5', said: { ...permit.said, statement: forged.id } });
    show(bare, undefined);
    show(foreign, permit);
    const actor = await stage.start(1);
    await rounds(actor);
    expect([good, moved, forged, bare, foreign, stage.context].map((one) => outcomeOf(actor, one))).toEqual([
      'joined as',
      'not joined: BAD_PERMIT',
      'not joined: BAD_PERMIT',
      'not joined: PERMIT_GONE',
      'not joined: BAD_PERMIT',
      'not joined: NO_OPENER',
    ]);
  });

  it('T90: takes one turn for one statement, also after a restart', async () => {
    const [one, two] = [statementOf(), statementOf()];
    show(one, await permitOf(one, 1));
    show(two, await permitOf(two, 1));
    const actor = await stage.start(1);
    await rounds(actor);
    expect([one, two].map((context) => outcomeOf(actor, context)).sort()).toEqual(['joined as', 'not joined: PERMIT_REUSED']);
    const three = statementOf();
    show(three, await permitOf(three, 1));
    const again = await stage.start(1);
    await rounds(again);
    expect(outcomeOf(again, three)).toBe('not joined: PERMIT_REUSED');
  });

  it('asks the rules and rolls that it reads itself, and waits while it is shown less than before', async () => {
    const { board, group } = stage;
    const rules = { group: group.header.group, ...STANDARD_RULES, opening: 'accounts' as const, time: startOfWeek(2_976) - 1 };
    const policy = signGroupPolicy({ ...rules, number: 1 }, group.seed);
    board.policies.set(group.id, [policy]);
    const closed = statementOf();
    show(closed, await permitOf(closed, 2));
    const actor = await stage.start(1);
    await rounds(actor);
    expect(outcomeOf(actor, closed)).toBe('not joined: MAY_NOT_OPEN');
    board.policies.delete(group.id);
    const hidden = statementOf();
    show(hidden, await permitOf(hidden, 2));
    await rounds(actor);
    expect(outcomeOf(actor, hidden)).toBe('cannot be judged');
    expect(actor.lines.join('\n')).toContain('hides a policy');
    board.policies.set(group.id, [policy, signGroupPolicy({ ...rules, number: 2, opening: 'open' }, group.seed)]);
    const old = nextRoll(group, group.members, startOfWeek(2_976) - 7 * 86_400 - 3_601);
    board.histories.set(group.id, [old.header, group.header]);
    stage.clock.now += 60;
    await rounds(actor);
    expect(outcomeOf(actor, hidden)).toBe('not joined: BAD_PERMIT');
  });

  it('T88: joins it though the issuer has dated its next rolls as far back as a platform lets it', async () => {
    const { board, group } = stage;
    const opened = statementOf();
    show(opened, await permitOf(opened, 2));
    const before = nextRoll(group, group.members, startOfWeek(2_976) - 7 * 86_400);
    board.histories.set(group.id, [nextRoll(before, group.members, before.header.time).header, before.header, group.header]);
    const actor = await stage.start(1);
    await rounds(actor);
    expect(outcomeOf(actor, opened)).toBe('joined as');
  });

  it('refuses it where the issuer has had more rolls within a day than any may', async () => {
    const { board, group } = stage;
    let last = group;
    const history = [group.header];
    for (let i = 0; i < 100; i++) {
      last = nextRoll(last, group.members);
      history.unshift(last.header);
    }
    board.histories.set(group.id, history);
    const opened = statementOf([last]);
    show(opened, await permitOf(opened, 2));
    const actor = await stage.start(1);
    await rounds(actor);
    expect(outcomeOf(actor, opened)).toBe('not joined: BAD_PERMIT');
    expect(actor.lines.join()).toContain('more rolls within a day');
  });

  it('lets no other’s statement name a group whose issuer wants none', async () => {
    const both = [stage.group, masters].sort((a, b) => (a.id < b.id ? -1 : 1));
    const rules = { group: masters.header.group, ...STANDARD_RULES, foreign: false, time: START - 8 * 86_400 };
    stage.board.policies.set(masters.id, [signGroupPolicy({ ...rules, number: 1 }, masters.seed)]);
    const [bold, claimed] = [statementOf(both), statementOf(both)];
    show(bold, await permitOf(bold, 3));
    stage.board.openers.set(claimed.id, { openedBy: { by: 'account', group: stage.group.id } });
    const actor = await stage.start(1);
    await rounds(actor);
    expect([bold, claimed].map((one) => outcomeOf(actor, one))).toEqual(['not joined: MAY_NOT_OPEN', 'not joined: MAY_NOT_OPEN']);
  });

  it('T89: erases nullifiers a day after their week, by the clock alone', async () => {
    const context = statementOf([stage.group], { openBy: START + 20 * 86_400, deadline: START + 30 * 86_400 });
    const permit = await permitOf(context, 2);
    show(context, permit);
    const actor = await stage.start(1);
    await rounds(actor);
    const read = () => readFileSync(path.join(actor.folder, 'openers.json'), 'utf8');
    const gone = startOfWeek(permit.week + 1) + 86_400;
    for (const [now, holds] of [
      [gone - 1, true],
      [gone, false],
    ] as const) {
      stage.clock.now = now;
      await actor.trustee.eraseDue();
      expect(read().includes(permit.nullifier)).toBe(holds);
    }
    expect(read()).toContain(context.id);
  });
});

describe('a trustee without room', () => {
  it('T91: takes first statements before second ones, keeps a share for accounts, tells who waits and until when', async () => {
    const flood = [statementOf(), statementOf()];
    for (const [slot, context] of flood.entries()) show(context, await permitOf(context, 0, slot));
    const late = statementOf();
    show(late, await permitOf(late, 1));
    const account = statementOf([masters]);
    stage.board.openers.set(account.id, { openedBy: { by: 'account', group: masters.id } });
    const actor = await stage.start(1, { policy: { ...STANDARD_POLICY, mostOpen: 4 } });
    await rounds(actor);
    expect([...flood, late, account].map((one) => outcomeOf(actor, one))).toEqual(['joined as', 'waits', 'joined as', 'joined as']);
    const queue = await describeQueue(createDisk(actor.folder));
    expect(queue[0]).toBe('One statement waits for room:');
    expect(queue[1]).toContain(`${flood[1]?.id}  opened by a member of group ${stage.group.id.slice(0, 12)}`);
    expect(queue[1]).toContain('until 2027-01-15T08:16:40');
    stage.clock.now = 1_800_001_001;
    await rounds(actor);
    expect(actor.lines.join('\n')).toContain('no room for it before the time for its key was over');
    expect(await describeQueue(createDisk(actor.folder))).toEqual([]);
  });
});

it('a trustee joins and serves the others while the answers about one statement do not come', async () => {
  const [stuck, good] = [statementOf([masters]), statementOf()];
  for (const [{ id }, group] of [
    [stuck, masters],
    [good, stage.group],
  ] as const)
    stage.board.openers.set(id, { openedBy: { by: 'account', group: group.id } });
  const hanging: Fetch = (input, init) =>
    input.includes(`/groups/${masters.id}`) ? Promise.reject(new DOMException('too late', 'TimeoutError')) : fetch(input, init);
  const actor = await stage.start(1, { fetch: hanging });
  await expect(actor.trustee.runRound()).rejects.toMatchObject({ code: 'TIMED_OUT' });
  await rounds(actor);
  expect([stuck, good].map((one) => outcomeOf(actor, one))).toEqual([undefined, 'joined as']);
});
