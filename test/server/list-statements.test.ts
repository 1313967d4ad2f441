import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statements } from '#db/schema/board.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import { openStatement } from '#lib/server/statements/open.ts';
import { inventNames, prepareStatement, publishGroup, startPlatform, type TestPlatform } from '../support/platform.ts';
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

  it('are not looked for by what is no id', async () => {
    for (const group of ['', '%', 'AB'.repeat(32)]) await expect(titles(group)).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });
});
