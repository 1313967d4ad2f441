import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ComposeSetting, composeStatement, leastGraceOf } from '#app/new/compose-statement.ts';
import {
  chooseGroups,
  createDraft,
  type Draft,
  listGraces,
  mostNeeded,
  namedGroups,
  pickGrace,
  suggestDeadline,
  suggestThreshold,
} from '#app/new/draft.ts';
import { readLocalTime } from '#app/new/local-time.ts';
import { readConditions } from '#app/new/read-conditions.ts';
import { takeUp } from '#app/new/revision-field.tsx';
import { groupId } from '#lib/protocol/member/group.ts';
import { type RollHeader, signRoll } from '#lib/protocol/member/roll.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { type Field, toField } from '#lib/protocol/numbers/field.ts';
import { describeTextsLeft } from '#lib/signing/further-texts.ts';

const NOW = 1_800_000_000;
const bytes = (length: number) => new Uint8Array(randomBytes(length));

function createRoll(name: string, size: number): RollHeader {
  const seed = bytes(32);
  const leaves = Array.from({ length: size }, (_, i): Field => toField(BigInt(i + 1)));
  return signRoll(
    { group: { issuer: publicKeyOf(seed), name }, number: 1, time: NOW - 1000, trustees: [], leaves, names: 'd'.repeat(64) },
    seed,
  );
}

const trustees = [1, 2, 3, 4].map((n) => ({ name: `Trustee ${n}`, contact: 'by post', key: publicKeyOf(bytes(32)) }));
const teachers = createRoll('Teachers', 40);
const parents = createRoll('Parents', 12);
const few = createRoll('Board', 5);
const ids = { teachers: groupId(teachers.group), parents: groupId(parents.group), few: groupId(few.group) };

const setting: ComposeSetting = {
  platform: {
    key: publicKeyOf(bytes(32)),
    verificationKey: 'a'.repeat(64),
    setup: 'b'.repeat(64),
    trustees,
    graceMargin: 86_400,
    anonymityFloor: 8,
    trial: false,
  },
  rolls: new Map([
    [ids.teachers, teachers],
    [ids.parents, parents],
    [ids.few, few],
  ]),
  now: NOW,
  nonce: 'c'.repeat(64),
};

const draft: Draft = {
  ...createDraft({ trial: false, trustees }),
  title: 'A fair count',
  body: 'We ask for a fair count.',
  groups: [ids.teachers, ids.parents],
  total: '20',
  deadline: new Date((NOW + 100_000) * 1000).toISOString().slice(0, 19),
};

function compose(change: Partial<Draft>, at: Partial<ComposeSetting> = {}) {
  return composeStatement({ ...draft, ...change }, { ...setting, ...at });
}

function problemsOf(change: Partial<Draft>, at: Partial<ComposeSetting> = {}) {
  const composed = compose(change, at);
  return composed.ok ? [] : composed.problems.map(({ field, text }) => `${field}: ${text}`);
}

describe('composing a statement', () => {
  it('makes one that everybody else accepts', () => {
    const composed = compose({});
    if (!composed.ok) throw new Error(JSON.stringify(composed.problems));
    const { statement } = composed.context;
    expect(statement.trigger).toEqual({ count: 20 });
    expect(statement.cadence).toBe(3600);
    expect(statement).toMatchObject({ version: 2, together: 3, stepTime: 10, mergeDelay: 4200, clockSkew: 300 });
    expect(statement.committee).toMatchObject({ threshold: 2, trustees });
    expect(statement.grace).toBe(172_800);
    expect(statement.openBy).toBeLessThan(statement.deadline);
    expect(statement.openBy).toBeGreaterThan(NOW);
  });

  it('hashes the text in normal form C with line feeds only', () => {
    const composed = compose({ title: ' Cafe\u0301 ', body: 'one\r\ntwo\r' });
    expect(composed.ok && composed.context.statement.text[0]).toEqual({ language: 'en', title: 'Caf\u00e9', body: 'one\ntwo' });
  });

  it('refuses a title or text that hides something, and says which character, or is piled up too deep (T68, T69)', () => {
    expect(problemsOf({ title: 'not\u200bable' })).toEqual(['title: The title holds U+200B, which nobody can see.']);
    expect(problemsOf({ body: 'pays \u202e005' })).toEqual(['body: The text holds U+202E, which rearranges the text around it.']);
    expect(problemsOf({ body: '- '.repeat(9).concat('x') })).toEqual([
      expect.stringMatching(/^body: The text has more quotations and lists/),
    ]);
  });

  it('claims to revise an older statement where the author says so, and begins with its text and condition', () => {
    const old = compose({ triggerKind: 'groups', perGroup: { [ids.teachers]: '10', [ids.parents]: '3' } });
    if (!old.ok) throw new Error(JSON.stringify(old.problems));
    const { id, statement } = old.context;
    expect(statement).not.toHaveProperty('revises');
    const taken = takeUp({ id, statement });
    const next = compose({ ...taken, body: 'We ask for a fair and quick count.' });
    expect(next.ok && next.context.statement).toMatchObject({
      revises: id,
      trigger: statement.trigger,
      text: [{ title: 'A fair count', body: 'We ask for a fair and quick count.' }],
    });
    expect(compose({ ...taken, revises: null })).toMatchObject({ ok: true, context: { statement: { trigger: statement.trigger } } });
    expect(takeUp({ id, statement: { ...statement, trigger: { count: 7 } } })).toMatchObject({ triggerKind: 'total', total: '7' });
    expect([0, 1, 2].map(describeTextsLeft)).toEqual([
      null,
      expect.stringMatching(/is not taken/),
      expect.stringMatching(/^It has 2 more/),
    ]);
  });

  it('orders groups by id however they were chosen', () => {
    const one = compose({ groups: [ids.teachers, ids.parents] });
    const other = compose({ groups: [ids.parents, ids.teachers] });
    expect(one.ok && other.ok && one.context.id === other.context.id).toBe(true);
  });

  it('names every field that is missing at once', () => {
    const problems = problemsOf({ title: ' ', body: '', groups: [], deadline: '' });
    expect(problems.map((text) => text.split(':')[0])).toEqual(['title', 'body', 'groups', 'deadline']);
  });

  it('refuses a group below the floor and says its size', () => {
    expect(problemsOf({ groups: [ids.few], total: '3' }).join()).toMatch(/“Board” has 5 members.*at least 8/);
  });

  it('refuses a group whose roll has not been read', () => {
    expect(problemsOf({ groups: ['f'.repeat(64)], total: '3' }).join()).toMatch(/has not arrived/);
  });

  it('refuses a total that can never be reached', () => {
    expect(problemsOf({ total: '52' })).toEqual([]);
    expect(problemsOf({ total: '53' }).join()).toMatch(/52 members in all/);
  });

  it.each(['', '0', '-1', '1.5', 'ten', '1e3'])('refuses %j as a number of people', (total) => {
    expect(problemsOf({ total }).join()).toMatch(/^trigger: Say how many/);
  });

  it('asks each group for its own count and leaves out those without one', () => {
    const both = compose({ triggerKind: 'groups', perGroup: { [ids.teachers]: '10', [ids.parents]: ' 3 ' } });
    expect(both.ok && both.context.statement.trigger).toEqual({
      all: [
        { group: ids.teachers, count: 10 },
        { group: ids.parents, count: 3 },
      ],
    });
    const one = compose({ triggerKind: 'groups', perGroup: { [ids.parents]: '3' } });
    expect(one.ok && one.context.statement.trigger).toEqual({ group: ids.parents, count: 3 });
    expect(problemsOf({ triggerKind: 'groups', perGroup: {} }).join()).toMatch(/at least one group/);
    expect(problemsOf({ triggerKind: 'groups', perGroup: { [ids.parents]: '13' } }).join()).toMatch(/12 members, so 13/);
  });

  it('takes any trigger as JSON and refuses one that can never be met with the reason', () => {
    const any = { any: [{ group: ids.parents, count: 2 }, { count: 30 }] };
    const composed = compose({ triggerKind: 'json', triggerJson: JSON.stringify(any) });
    expect(composed.ok && composed.context.statement.trigger).toEqual(any);
    expect(problemsOf({ triggerKind: 'json', triggerJson: '{' })).toEqual(['trigger: This is not JSON.']);
    expect(problemsOf({ triggerKind: 'json', triggerJson: '{"all":[]}' }).join()).toMatch(/^trigger: /);
    expect(problemsOf({ triggerKind: 'json', triggerJson: '{"count":99}' }).join()).toMatch(/52 members in all, so 99 can never sign/);
    for (const text of ['5', '"count"', '[]', '{}'])
      expect(problemsOf({ triggerKind: 'json', triggerJson: text }).join(), text).toMatch(/^trigger: The trigger is not well formed/);
  });

  it('refuses a deadline that has passed', () => {
    expect(problemsOf({ deadline: new Date((NOW - 60) * 1000).toISOString().slice(0, 16) }).join()).toMatch(/^deadline: .*passed/);
  });

  it('names an hour that a change of clocks skips or repeats, instead of taking another', () => {
    const at = { timeZone: 'Europe/Berlin' };
    expect(problemsOf({ deadline: '2027-03-28T02:30' }, at).join()).toMatch(
      /^deadline: .*put on from 02:00 to 03:00, so 02:30 does not come/,
    );
    expect(problemsOf({ deadline: '2027-10-31T02:30' }, at).join()).toMatch(
      /^deadline: .*put back from 03:00 to 02:00, so 02:30 comes twice/,
    );
    expect(problemsOf({ deadline: '2027-03-28T03:00' }, at)).toEqual([]);
  });

  const trial = { ...setting.platform, trial: true, graceMargin: 0 };
  const timesOf = (change: Partial<Draft>, platform = trial) => {
    const composed = compose(change, { platform });
    if (!composed.ok) throw new Error(JSON.stringify(composed.problems));
    return composed.context.statement;
  };

  it('proposes the least round grace in which everything can be mixed and opened: from a minute on for a trial', () => {
    expect(timesOf({ cadenceSeconds: 0 })).toMatchObject({ grace: 60, mergeDelay: 10, stepTime: 1, cadence: 0 });
    expect(timesOf({ cadenceSeconds: 600 })).toMatchObject({ grace: 1800, mergeDelay: 1200 });
    expect(timesOf({ cadenceSeconds: 86_400 }, setting.platform)).toMatchObject({ grace: 259_200, mergeDelay: 87_000 });
    expect(timesOf({ graceSeconds: 3600, cadenceSeconds: 0 }).grace).toBe(3600);
    expect(timesOf({ graceSeconds: 3600 }, setting.platform).grace).toBe(172_800);
  });

  it.each(
    [null, ...listGraces(0).map(({ seconds }) => seconds)].flatMap((grace) => [0, 600, 3600, 86_400].map((cadence) => [grace, cadence])),
  )('fits the times together for %s s of grace and a checkpoint every %s s', (graceSeconds, cadenceSeconds) => {
    const change = { graceSeconds: graceSeconds as number | null, cadenceSeconds: cadenceSeconds as number };
    for (const platform of [trial, setting.platform]) {
      const { grace } = timesOf(change, platform);
      expect(grace).toBeGreaterThanOrEqual(leastGraceOf({ ...draft, ...change }, platform, [teachers, parents], 3));
      expect(grace).toBeGreaterThanOrEqual(graceSeconds ?? 0);
    }
  });

  it('opens as many names of a group at a time as the author says, or five where the condition asks for as many of each, else three', () => {
    const of = (change: Partial<Draft>) => timesOf(change, setting.platform).together;
    expect(of({})).toBe(3); // one count over two groups
    expect(of({ groups: [ids.teachers] })).toBe(5);
    expect(of({ triggerKind: 'groups', perGroup: { [ids.teachers]: '5', [ids.parents]: '6' } })).toBe(5);
    expect(of({ triggerKind: 'groups', perGroup: { [ids.teachers]: '5', [ids.parents]: '4' } })).toBe(3);
    expect(of({ together: ' 8 ' })).toBe(8);
    for (const together of ['0', 'many', '1001']) expect(problemsOf({ together }).join()).toMatch(/^together: Say how many names/);
    expect(problemsOf({ together: '13', triggerKind: 'groups', perGroup: { [ids.parents]: '5' } }).join()).toMatch(
      /^trigger: “Parents” has 12 members, and names of a group open 13 or more at a time/,
    );
  });

  it('refuses a committee that is too small for what it has to bear, and says how large it must be', () => {
    const five = Array.from({ length: 5 }, (_, i) => ({ name: `Trustee ${i}`, contact: 'by post', key: publicKeyOf(bytes(32)) }));
    const at = { platform: { ...setting.platform, trustees: five } };
    const chosen = { trustees: five.map(({ key }) => key) };
    expect(problemsOf({ trustees: trustees.slice(0, 3).map(({ key }) => key) }).join()).toMatch(/^committee: Choose at least four/);
    expect(problemsOf({ threshold: 1 }).join()).toMatch(/^committee: At least two/);
    expect(problemsOf({ ...chosen, threshold: 3 }, at).join()).toMatch(/^committee: Of 5 trustees at most 2 .* need 3, choose 7 or more/);
    expect(problemsOf({ ...chosen, threshold: 2 }, at)).toEqual([]);
  });
});

describe('what the form reads', () => {
  it('reads a trigger alone, for the line under the form', () => {
    expect(readConditions({ ...draft, total: '7' }, [teachers])).toEqual({ ok: true, value: { trigger: { count: 7 }, together: 5 } });
  });

  it('suggests a deadline two weeks ahead and as many trustees as n ≥ 3k − 2 allows', () => {
    expect(readLocalTime(suggestDeadline(NOW))).toEqual({ kind: 'moment', at: NOW + 14 * 86_400 + 10 * 3600 });
    expect([4, 6, 7, 9, 10, 13, 16].map(suggestThreshold)).toEqual([2, 2, 3, 3, 4, 5, 6]);
    for (let n = 4; n <= 16; n++) expect([3 * mostNeeded(n) - 2 <= n, 3 * (mostNeeded(n) + 1) - 2 <= n]).toEqual([true, false]);
  });

  it('publishes at once on a trial and hourly in earnest, and offers only a grace that is enough', () => {
    expect(createDraft({ trial: true, trustees })).toMatchObject({ graceSeconds: null, cadenceSeconds: 0, together: '' });
    expect(createDraft({ trial: false, trustees })).toMatchObject({ graceSeconds: null, cadenceSeconds: 3600, threshold: 2 });
    expect(listGraces(86_400)[0]?.seconds).toBe(86_400);
    expect([pickGrace(null, 29), pickGrace(null, 61), pickGrace(60, 61), pickGrace(600, 61)]).toEqual([30, 120, 120, 600]);
    expect(pickGrace(null, 3_000_000)).toBe(3_024_000);
  });
});

describe('an address that names groups', () => {
  const chosen = [
    { id: ids.teachers, size: 40 },
    { id: ids.few, size: 5 },
  ];
  it('chooses those on which a statement can be opened, and nothing else', () => {
    expect(chooseGroups({ anonymityFloor: 8 }, { chosen })).toEqual([ids.teachers]);
    expect([namedGroups(ids.few), namedGroups([ids.few, 'no group']), namedGroups(undefined)]).toEqual([
      [ids.few],
      [ids.few, 'no group'],
      [],
    ]);
  });
});
