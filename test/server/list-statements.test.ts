import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.cjs';
import { statements } from '#db/schema/board.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import {
  inventNames,
  openKeyedStatement,
  openStatement,
  prepareStatement,
  publishGroup,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

describe('the statements of a group', () => {
  let platform: TestPlatform;
  let pilots: TestGroup;
  let clerks: TestGroup;
  const titles = async (group?: string, before?: string) => {
    const { statements, next } = await listStatements(platform.ctx, { group, before });
    return { titles: statements.map(({ title }) => title), next };
  };
  const open = async (title: string, groups: readonly TestGroup[], body = 'We ask.') => {
    const { context } = prepareStatement(platform, groups, { count: 2 }, { text: [{ language: 'en', title, body }] });
    await openStatement(platform.ctx, context.statement);
  };

  beforeAll(async () => {
    platform = await startPlatform();
    pilots = createGroup('Harbour pilots', inventNames(9), systemRandom);
    clerks = createGroup('Tally clerks', inventNames(9), systemRandom);
    await publishGroup(platform, pilots);
    await publishGroup(platform, clerks);
    await open('Pilots', [pilots]);
    await open('Clerks', [clerks], `A text that speaks of {"group":"${pilots.id}","roll":"${'ab'.repeat(32)}"} is no roll.`);
    await open('Both', [pilots, clerks]);
  });
  afterAll(() => platform?.stop());

  it('are those that name one of its rolls, newest first', async () => {
    expect(await titles(pilots.id)).toEqual({ titles: ['Both', 'Pilots'], next: undefined });
    expect(await titles(clerks.id)).toEqual({ titles: ['Both', 'Clerks'], next: undefined });
    expect((await titles()).titles).toEqual(['Both', 'Clerks', 'Pilots']);
    expect((await titles('ab'.repeat(32))).titles).toEqual([]);
  });

  it('come in pages that hold nothing of other groups', async () => {
    for (let i = 1; i <= 20; i++) await open(`Clerks ${i}`, [clerks]);
    const first = await titles(clerks.id);
    expect([first.titles.length, first.titles[0]]).toEqual([20, 'Clerks 20']);
    expect((await titles(clerks.id, first.next)).titles).toEqual(['Both', 'Clerks']);
    expect((await titles(pilots.id, first.next)).titles).toEqual(['Both', 'Pilots']);
  });

  it('are found without reading the text of any other', async () => {
    const { db } = platform.ctx;
    // A body that no statement could have: whoever reads it fails. The newest of all stands in the way of every page.
    const body = `{"group":"${pilots.id}","roll":"`;
    const times = { openBy: 1, destroyAt: 2 };
    await db.insert(statements).values({ id: 'cd'.repeat(32), body: sql`${body}`, headers: [], trustees: 4, ...times });
    expect((await titles(pilots.id)).titles).toEqual(['Both', 'Pilots']);
    await expect(titles()).rejects.toThrow();
  });

  it('are found by words of a title in any language, in any case and without accents, page by page', async () => {
    const { db } = platform.ctx;
    await db.delete(statements).where(sql`${statements.openBy} = 1`);
    const text = [
      { language: 'en', title: 'Quays', body: 'We ask.' },
      { language: 'cs', title: 'Žádost o nábřeží', body: 'Clerks.' },
    ];
    await openStatement(platform.ctx, prepareStatement(platform, [pilots], { count: 2 }, { text }).context.statement);
    const find = async (search: string, group?: string) =>
      (await listStatements(platform.ctx, { search, group })).statements.map(({ title }) => title);
    expect(await find('NABREZI zadost')).toEqual(['Quays']);
    expect(await find('pilots')).toEqual(['Pilots']);
    expect(await find('pilots', clerks.id)).toEqual([]);
    expect([await find('ask'), await find('language'), await find('clerks pilots')]).toEqual([[], [], []]); // bodies, members
    const first = await listStatements(platform.ctx, { search: 'clerks' });
    expect([first.statements.length, first.statements[0]?.title]).toEqual([20, 'Clerks 20']);
    const second = await listStatements(platform.ctx, { search: 'clerks', before: first.next });
    expect(second).toMatchObject({ statements: [{ title: 'Clerks' }] });
    expect(second.next).toBeUndefined();
    await expect(find('x'.repeat(101))).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });

  it('are found by how they stand', async () => {
    const find = async (standing: string) =>
      (await listStatements(platform.ctx, { standing, group: pilots.id })).statements.map(({ title, state }) => [title, state]);
    const keyed = await openKeyedStatement(platform, [pilots], { count: 2 });
    const before = ['Quays', 'Both', 'Pilots'].map((title) => [title, 'keying']);
    expect(await find('open')).toEqual([[keyed.context.statement.text[0]!.title, 'open'], ...before]);
    expect([await find('revealed'), await find('ended')]).toEqual([[], []]);
    platform.clock.now = keyed.context.statement.openBy + 1;
    expect(await find('open')).toEqual([[keyed.context.statement.text[0]!.title, 'open']]); // the others were never keyed
    platform.clock.now = destructionTime(keyed.context.statement);
    expect(await find('open')).toEqual([]);
    expect(await find('ended')).toHaveLength(4);
    await expect(find('keying')).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });

  it('are not looked for by what is no id', async () => {
    for (const group of ['', '%', 'AB'.repeat(32)]) await expect(titles(group)).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });
});
