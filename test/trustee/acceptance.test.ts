import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeRollFile } from '#lib/api/roll-file.ts';
import { checkRollHeader } from '#lib/protocol/member/roll.ts';
import { plantTree, rollRoot } from '#lib/protocol/member/roll-tree.ts';
import { publicKeyOf, signMessage } from '#lib/protocol/messages/ed25519.ts';
import { type Field, formatField } from '#lib/protocol/numbers/field.ts';
import { destructionTime, type Statement } from '#lib/protocol/statement/statement.ts';
import { judgeStatement, type Terms } from '#lib/trustee/acceptance.ts';
import { checkRollFile } from '#lib/trustee/do-jobs.ts';
import { STANDARD_POLICY } from '#lib/trustee/policy.ts';
import { seeded } from '../circuits/signer.ts';
import { createStatement, PLATFORM_SEED } from '../support/world.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { type Actor, runRounds, START, type Stage, setStage, startAll } from './stage.ts';

let stage: Stage;
let terms: Terms;
beforeAll(async () => {
  stage = await setStage({ seed: 'acceptance' });
  const descriptor = stage.context.statement.committee.trustees[1];
  if (!descriptor) throw new Error('no trustee');
  terms = { descriptor, platform: publicKeyOf(PLATFORM_SEED), graceMargin: 3600, manifest: stage.manifest, policy: STANDARD_POLICY };
});
afterAll(() => stage.close());

const change = (changes: Partial<Statement>) => {
  const { verificationKey, setup } = stage.context.statement;
  return createStatement(
    [stage.group],
    stage.committee,
    { count: 2 },
    { verificationKey, setup, random: seeded('changed'), change: changes },
  );
};
const judge = (context = stage.context, own = terms, now = START, rolls: readonly unknown[] = [...context.rolls.values()]) => {
  const judged = judgeStatement(context.id, { statement: context.statement, rolls }, own, now);
  return judged.ok ? judged.value.trustee : judged.code;
};

describe('a trustee takes part in a statement', () => {
  it('that names it, at its own place', () => {
    expect(judge()).toBe(2);
  });

  const refusals: [string, string, () => unknown][] = [
    [
      'whose committee does not have its key',
      'NOT_IN_COMMITTEE',
      () => judge(stage.context, { ...terms, descriptor: { ...terms.descriptor, key: 'a'.repeat(64) } }),
    ],
    [
      'that gives its key another name',
      'OTHER_DESCRIPTOR',
      () => judge(stage.context, { ...terms, descriptor: { ...terms.descriptor, name: 'The Red Cross' } }),
    ],
    ['of another platform than the pinned one', 'OTHER_PLATFORM', () => judge(stage.context, { ...terms, platform: 'b'.repeat(64) })],
    ['with a grace below its minimum', 'GRACE_TOO_SHORT', () => judge(stage.context, { ...terms, graceMargin: 10_001 })],
    [
      'of a group that its operator does not serve',
      'GROUP_NOT_SERVED',
      () => judge(stage.context, { ...terms, policy: { ...STANDARD_POLICY, groups: ['a'.repeat(64)] } }),
    ],
    [
      'that lives longer than its operator wants',
      'TOO_LONG',
      () => judge(stage.context, { ...terms, policy: { ...STANDARD_POLICY, longestDays: 1 } }),
    ],
    ['whose key should have been made already', 'OPEN_BY_PAST', () => judge(stage.context, terms, stage.context.statement.openBy)],
    ['under a proving key that is not in its own list (T37)', 'KEY_UNKNOWN', () => judge(change({ verificationKey: 'c'.repeat(64) }))],
    ['under another setup than that of the proving key', 'OTHER_SETUP', () => judge(change({ setup: 'c'.repeat(64) }))],
    ['without its rolls', 'BAD_STATEMENT', () => judge(stage.context, terms, START, [])],
    [
      'with a roll that its issuer has not signed',
      'BAD_ROLL',
      () => judge(stage.context, terms, START, [{ ...stage.group.header, size: 3 }]),
    ],
    [
      'shown under the id of another',
      'OTHER_STATEMENT',
      () => {
        const judged = judgeStatement('d'.repeat(64), { statement: stage.context.statement, rolls: [stage.group.header] }, terms, START);
        return judged.ok ? 'ok' : judged.code;
      },
    ],
  ];
  it.each(refusals)('but not in one %s', (_, code, outcome) => {
    expect(outcome()).toBe(code);
  });
});

describe('a roll is rebuilt from its leaves', () => {
  it('and refused when a leaf is missing, changed or added, though the header is signed (T26)', () => {
    const { header, leaves } = stage.group;
    const file = (list: readonly Field[]) => checkRollFile(header, encodeRollFile(plantTree(list, header.depth))).ok;
    expect(file(leaves)).toBe(true);
    expect(file(leaves.slice(0, -1))).toBe(false);
    expect(file(leaves.map((leaf, i) => (i === 1 ? ((leaf + 1n) as Field) : leaf)))).toBe(false);
    expect(file([...leaves, 5n as Field])).toBe(false);
    expect(checkRollFile(header, new Uint8Array(31)).ok).toBe(false);
  });

  it('so the root of a tree with more members below fails, though its issuer signed it', () => {
    const { header, leaves, seed } = stage.group;
    const more = Array.from({ length: 16 }, (_, i) => (leaves[i] ?? BigInt(1000 + i)) as Field);
    const { signature: _, ...body } = header;
    const signed = signMessage('roll', { ...body, root: formatField(rollRoot(more, 4)) }, seed);
    expect(checkRollHeader(signed).ok).toBe(true);
    expect(checkRollFile(signed, encodeRollFile(plantTree(leaves, signed.depth)))).toMatchObject({ ok: false, code: 'BAD_ROLL' });
  });
});

describe('a statement is joined once, ever', () => {
  /** The platform names the statement as if for the first time, and the clock stands where it could still be joined. */
  async function inviteAgain(own: Stage, folder: string): Promise<Actor> {
    const file = path.join(folder, 'platform.json');
    const { cursor, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    expect(cursor).toBe(1);
    writeFileSync(file, JSON.stringify({ ...rest, cursor: 0 }));
    own.clock.now = START;
    const asked: string[] = [];
    own.board.tamper = (place, answer) => {
      asked.push(place);
      return answer;
    };
    const again = await own.start(1);
    await runRounds([again], 2);
    expect(asked).toContainEqual(expect.stringMatching(/^trustees\/.*after=0(&|$)/));
    expect(JSON.parse(readFileSync(file, 'utf8')).cursor).toBe(1);
    return again;
  }
  const secretsIn = (folder: string, id: string) =>
    readdirSync(path.join(folder, 'statements', id)).filter(
      (name) => !['statement.json', 'journal.json', 'key.log', 'receipts.log', 'progress.json'].includes(name),
    );

  it('not a second time after its share was destroyed, though the platform names it again and the clock runs back', async () => {
    const own = await setKeyedStage();
    try {
      const actors = await startAll(own);
      expect(secretsIn(actors[0]!.folder, own.context.id)).toContain('share.json');
      own.clock.now = destructionTime(own.context.statement);
      await runRounds(actors, 2);
      expect(own.messagesOf('destroyed')).toHaveLength(4);
      expect(secretsIn(actors[0]!.folder, own.context.id)).toEqual([]);
      const said = own.board.posted.length;
      const again = await inviteAgain(own, actors[0]!.folder);
      expect(again.lines).toEqual([]);
      expect(own.board.posted).toHaveLength(said);
      expect(secretsIn(again.folder, own.context.id)).toEqual([]);
    } finally {
      await own.close();
    }
  });

  it('nor after it was given up because no key was made in time', async () => {
    const own = await setStage({ seed: 'given up' });
    try {
      const actor = await own.start(1);
      await runRounds([actor], 2);
      expect(actor.lines.filter((line) => line.includes('joined as trustee 1'))).toHaveLength(1);
      expect(secretsIn(actor.folder, own.context.id)).toEqual(['secrets.json']);
      own.clock.now = own.context.statement.openBy + 1;
      await runRounds([actor], 2);
      expect(secretsIn(actor.folder, own.context.id)).toEqual([]);
      const again = await inviteAgain(own, actor.folder);
      expect(again.lines).toEqual([]);
      expect(own.board.posted.map(({ type }) => type)).toEqual(['commit']);
      expect(secretsIn(again.folder, own.context.id)).toEqual([]);
    } finally {
      await own.close();
    }
  });

  it('nor while it is served: a keystore that is started again goes on with the secrets that it has', async () => {
    const actor = await stage.start(1);
    await runRounds([actor], 2);
    expect(actor.lines.filter((line) => line.includes('joined as trustee 1'))).toHaveLength(1);
    const secrets = path.join(actor.folder, 'statements', stage.context.id, 'secrets.json');
    const before = readFileSync(secrets, 'utf8');
    const again = await inviteAgain(stage, actor.folder);
    stage.board.tamper = null;
    expect(again.lines.filter((line) => line.includes('not joined'))).toEqual([]);
    expect(readFileSync(secrets, 'utf8')).toBe(before);
    expect(stage.messagesOf('commit')).toHaveLength(1);
  });
});

it('a statement that is refused is told once, with the reason, and its leaves are never downloaded', async () => {
  const asked: string[] = [];
  stage.board.tamper = (place, answer) => {
    asked.push(place);
    return answer;
  };
  const actor = await stage.start(3, { graceMargin: 86_400 });
  await runRounds([actor], 2);
  expect(actor.lines.filter((line) => line.includes('not joined: GRACE_TOO_SHORT'))).toHaveLength(1);
  expect(asked.filter((place) => place.startsWith('rolls/'))).toEqual([]);
  const again = await stage.start(3, { graceMargin: 86_400 });
  await runRounds([again], 1);
  expect(again.lines).toEqual([]); // how far the list was read is remembered
});

it('leaves that do not make the roll keep a statement waiting, and it is joined when the platform serves the right ones', async () => {
  const actor = await stage.start(2);
  stage.board.tamper = (place, answer) => (place.startsWith('rolls/') ? (answer as Uint8Array).slice(32) : answer);
  await runRounds([actor], 1);
  expect(actor.lines.join('\n')).toContain('cannot be judged yet: roll ');
  stage.board.tamper = null;
  stage.clock.now += 60;
  await runRounds([await stage.start(2)], 1);
  expect(
    stage
      .messagesOf('commit')
      .map(({ trustee }) => trustee)
      .sort(),
  ).toEqual([1, 2]);
});
