import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import {
  inventNames,
  openStatement,
  prepareStatement,
  publishGroup,
  publishRollOf,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let group: TestGroup;
const prepare = (change: Partial<Statement> = {}, groups = [group]) => prepareStatement(platform, groups, { count: 2 }, change).context;
const open = (statement: unknown) => openStatement(platform.ctx, statement as Statement);

beforeAll(async () => {
  platform = await startPlatform();
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  await publishGroup(platform, group);
});
afterAll(() => platform?.stop());

describe('a statement', () => {
  it('is taken once, and waits for its committee', async () => {
    const { statement, id } = prepare();
    const opened = await Promise.all([open(statement), open(statement), open(statement)]);
    expect(opened.map((one) => one.id)).toEqual([id, id, id]);
    expect(opened.filter((one) => one.isNew)).toHaveLength(1);
    const view = await getStatementView(platform.ctx, id);
    expect(view).toMatchObject({ state: 'keying', title: 'A fair count', live: 0, waves: [], evidence: [] });
    expect(view.committee.map(({ state }) => state)).toEqual(['awaited', 'awaited', 'awaited', 'awaited']);
    await expect(getStatementView(platform.ctx, 'ab'.repeat(32))).rejects.toMatchObject({ code: 'UNKNOWN_STATEMENT' });
  });

  const changes: [string, Partial<Statement>, string][] = [
    ['another platform', { platform: '0f'.repeat(32).replace(/^../, '58') }, 'BAD_PLATFORM'],
    ['another proving key', { verificationKey: 'ab'.repeat(32) }, 'KEY_NOT_CURRENT'],
    ['another setup', { setup: 'ab'.repeat(32) }, 'KEY_NOT_CURRENT'],
    ['too little grace for mixing', { grace: 60, mergeDelay: 1, clockSkew: 1, stepTime: 600 }, 'BAD_TIMES'],
    ['a time that has passed', { openBy: START }, 'BAD_TIMES'],
    ['a time too far away', { openBy: START + 31 * 86_400, deadline: START + 60 * 86_400 }, 'BAD_TIMES'],
    ['less time than a busy platform needs to publish', { mergeDelay: 9 }, 'BAD_TIMES'],
    ['too little grace for the trustees', { grace: 21, mergeDelay: 10, clockSkew: 1 }, 'GRACE_TOO_SHORT'],
  ];
  it.each(changes)('is refused with %s', async (_, change, code) => {
    const { statement } = prepare();
    await expect(open({ ...statement, ...change })).rejects.toMatchObject({ code });
  });

  it('is refused when a title or a trustee hides or rearranges something (T68)', async () => {
    const { statement } = prepare();
    const titled = (title: string) => ({ ...statement, text: [{ language: 'en', title, body: 'Text' }] });
    await expect(open(titled('Pay 10\u202e001'))).rejects.toMatchObject({
      code: 'BAD_TEXT',
      detail: expect.stringContaining('the title holds U+202E'),
    });
    await expect(open(titled('not\u200bable'))).rejects.toMatchObject({ code: 'BAD_TEXT' });
    const [first, ...others] = statement.committee.trustees;
    for (const change of [{ name: 'The\u2066 bar' }, { contact: 'bar\u200b@example.org' }]) {
      const committee = { ...statement.committee, trustees: [{ ...first!, ...change }, ...others] };
      await expect(open({ ...statement, committee })).rejects.toMatchObject({ code: 'BAD_TEXT' });
    }
    const fine = { ...titled('Pétition\u00a0: ❤\ufe0f'), grace: 21, mergeDelay: 10, clockSkew: 1 };
    await expect(open(fine)).rejects.toMatchObject({ code: 'GRACE_TOO_SHORT' });
  });

  it('is refused when its text hides something, or is piled up deeper or fuller than it is shown (T68, T69)', async () => {
    const { statement } = prepare();
    // With too short a grace, which is looked at later, so that nothing is opened.
    const late = { grace: 21, mergeDelay: 10, clockSkew: 1 };
    const saying = (body: string, language = 'en') => open({ ...statement, ...late, text: [{ language, title: 'Title', body }] });
    const quoted = (levels: number) => `${'> '.repeat(levels)}enough`;
    for (const body of [
      'pays \u202e005',
      'pays\u2028500',
      `pays ${'\u{e0035}'.repeat(3)}`,
      'a\ufe0fb',
      '\u3164',
      quoted(7),
      '- a\n'.repeat(2_000),
    ])
      await expect(saying(body), body).rejects.toMatchObject({ code: 'BAD_TEXT', detail: expect.stringContaining('the text ') });
    await expect(saying('Text', `en${'-abcdefgh'.repeat(4)}`)).rejects.toMatchObject({ code: 'BAD_TEXT' });
    await expect(saying(quoted(6), 'zh-Hant-abcdefgh')).rejects.toMatchObject({ code: 'GRACE_TOO_SHORT' });
  });

  it('is refused with too few trustees for two quorums to share an honest one', async () => {
    const { statement } = prepare();
    const committee = { ...statement.committee, trustees: statement.committee.trustees.slice(1) };
    await expect(open({ ...statement, committee })).rejects.toMatchObject({ code: 'BAD_COMMITTEE' });
  });

  it('is refused when it is longer than 64 KB', async () => {
    const { statement } = prepare();
    const text = ['de', 'en', 'fr', 'sv'].map((language) => ({ language, title: 'T', body: 'x'.repeat(19_000) }));
    await expect(open({ ...statement, text })).rejects.toMatchObject({ code: 'STATEMENT_TOO_LARGE' });
  });

  it('is refused on a roll that nobody published, or a group in which nobody is hidden (T16)', async () => {
    const unknown = createGroup('Unknown', inventNames(9), systemRandom);
    await expect(open(prepare({}, [unknown]).statement)).rejects.toMatchObject({ code: 'BAD_ROLLS' });
    const small = createGroup('Crowd of seven', inventNames(7), systemRandom);
    await publishGroup(platform, small);
    await expect(open(prepare({}, [small]).statement)).rejects.toMatchObject({ code: 'GROUP_TOO_SMALL' });
    await expect(open(prepare({}, [group, small]).statement)).rejects.toMatchObject({ code: 'GROUP_TOO_SMALL' });
  });

  it('is refused on an older roll of a group, from an hour after the newer one', async () => {
    const moving = createGroup('Moving', inventNames(9), systemRandom);
    await publishGroup(platform, moving);
    const { statement } = prepare({}, [moving]);
    const moved = nextRoll(moving, moving.members.slice(0, 8));
    await publishRollOf(platform, moved);
    await open(statement);
    platform.clock.now = moved.header.time + 3_601;
    const times = { openBy: platform.clock.now + 1_000 };
    await expect(open(prepare(times, [moving]).statement)).rejects.toMatchObject({ code: 'ROLL_OUTDATED' });
    await open(prepare(times, [moved]).statement);
    platform.clock.now = START;
  });

  it('is refused with a trigger that can never or always be met (T19)', async () => {
    const { statement } = prepare();
    for (const trigger of [{ count: 0 }, { count: 10 }, { any: [] }, { group: 'ab'.repeat(32), count: 1 }]) {
      await expect(open({ ...statement, trigger })).rejects.toMatchObject({ code: expect.stringMatching(/^BAD_(SHAPE|TRIGGER)$/) });
    }
  });
});

describe('the list of statements', () => {
  it('is read page by page, newest first', async () => {
    for (let i = 0; i < 21; i++) await open(prepare().statement);
    const first = await listStatements(platform.ctx);
    const second = await listStatements(platform.ctx, { before: first.next });
    expect([first.statements.length, second.next]).toEqual([20, undefined]);
    const ids = [...first.statements, ...second.statements].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(24);
    await expect(listStatements(platform.ctx, { before: 'x' })).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });
});
