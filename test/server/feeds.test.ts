import { parseFeed } from '@rowanmanning/feed-parser';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkFeeds } from '#app/feeds/feed-links.ts';
import { writeAtom } from '#app/feeds/write-atom.ts';
import { FEED_KINDS } from '#lib/api/shapes.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import type { FeedEntry } from '#lib/server/feeds/feed.ts';
import { readFeed } from '#lib/server/feeds/read.ts';
import { formatStatementLink } from '#lib/signing/statement-link.ts';
import { openPilots, PILOTS_SEED } from '../support/pilots.ts';
import {
  inventNames,
  type OpenStatement,
  postEntry,
  publishAndCosign,
  publishGroup,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { revealByTrustees } from '../support/reveal.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

const DAY = 86_400;

let platform: TestPlatform;
let pilots: TestGroup;
let clerks: TestGroup;
let open: OpenStatement;
let ask: (path: string) => Promise<Response>;

beforeAll(async () => {
  platform = await startPlatform({ seed: PILOTS_SEED });
  ({ group: pilots, open } = await openPilots(platform));
  clerks = createGroup('Tally clerks', inventNames(9), systemRandom);
  await publishGroup(platform, clerks);
  connectRoutes(platform);
  ask = fetchFrom(await loadRoutes()).fetch;
});
afterAll(() => platform?.stop());

async function follow(path: string) {
  const response = await ask(path);
  const text = await response.text();
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/atom+xml; charset=utf-8']);
  expect(response.headers.get('Cache-Control')).toMatch(/^public, max-age=\d+, no-transform$/);
  return { text, feed: read(text) };
}

function read(text: string) {
  expect(XMLValidator.validate(text)).toBe(true);
  const feed = parseFeed(text);
  expect([feed.meta.type, feed.meta.version]).toEqual(['atom', '1.0']);
  return feed;
}

describe('the feeds of statements', () => {
  it('name what is new, by group too, with the whole link, an id that stays, and no time but a day', async () => {
    const { feed, text } = await follow('/api/anonymous/feeds/new');
    expect(feed.self).toBe(`${ORIGIN}/api/anonymous/feeds/new`);
    expect(feed.items).toHaveLength(1);
    expect(feed.items[0]).toMatchObject({
      title: open.context.statement.text[0]!.title,
      id: `tag:platform.example,2026:round-robin/new/${open.context.id}`,
      url: formatStatementLink({ origin: ORIGIN, id: open.context.id }),
    });
    expect([...text.matchAll(/T\d\d:\d\d:\d\d/g)].map(([time]) => time)).toEqual(['T00:00:00', 'T00:00:00']);
    expect((await follow(`/api/anonymous/feeds/new?group=${pilots.id}`)).feed.items).toHaveLength(1);
    const other = await follow(`/api/anonymous/feeds/new?group=${clerks.id}`);
    expect([other.feed.title, other.feed.items]).toEqual(['New statements: Tally clerks', []]);
  });

  it('are asked for at addresses that the heads of the pages name', async () => {
    const links = [null, { id: clerks.id, name: 'Tally clerks' }].flatMap(
      (group) => linkFeeds(group)?.['application/atom+xml'] as { url: string; title: string }[],
    );
    expect(links).toHaveLength(2 * FEED_KINDS.length);
    for (const { url, title } of links) expect((await follow(url)).feed.title).toBe(title);
  });

  it('do not change while people sign', async () => {
    const before = (await follow('/api/anonymous/feeds/new')).text;
    for (const member of [3, 0, 1]) {
      await postEntry(platform.ctx, await signOn(open, pilots, member));
      platform.clock.now += 5;
      await publishAndCosign(platform, open, [1, 2, 3]);
    }
    platform.clock.now += 60;
    expect((await follow('/api/anonymous/feeds/new')).text).toBe(before);
    expect((await follow('/api/anonymous/feeds/revealed')).feed.items).toEqual([]);
  });

  it('tell of a reveal by the day of the first opening', async () => {
    await revealByTrustees(platform, open, [2, 4], [1, 4]);
    const first = platform.clock.now;
    for (const path of ['/api/anonymous/feeds/revealed', `/api/anonymous/feeds/revealed?group=${pilots.id}`]) {
      platform.clock.now += 3_600;
      const { feed } = await follow(path);
      expect(feed.items.map(({ description, updated }) => [description, updated?.getTime()])).toEqual([
        ['3 signed together.', 1000 * (first - (first % DAY))],
      ]);
    }
    expect((await follow(`/api/anonymous/feeds/revealed?group=${clerks.id}`)).feed.items).toEqual([]);
  });

  it('tell of the end when deadline and grace are over', async () => {
    const end = destructionTime(open.context.statement);
    platform.clock.now = end - 1;
    expect((await follow('/api/anonymous/feeds/ended')).feed.items).toEqual([]);
    platform.clock.now = end + 60;
    const { feed } = await follow(`/api/anonymous/feeds/ended?group=${pilots.id}`);
    expect(feed.items.map(({ id, updated }) => [id, updated?.getTime()])).toEqual([
      [`tag:platform.example,2026:round-robin/ended/${open.context.id}`, 1000 * (end - (end % DAY))],
    ]);
  });

  it('cost the database nothing while they are asked for again and again', async () => {
    const db = platform.ctx.db;
    await readFeed(platform.ctx, 'ended', null);
    const broken = new Proxy({} as typeof db, { get: () => raise('the database was asked') });
    const again = await readFeed({ ...platform.ctx, db: broken }, 'ended', null);
    expect(again.entries).toHaveLength(1);
    platform.clock.now += 60;
    await expect(readFeed({ ...platform.ctx, db: broken }, 'ended', null)).rejects.toThrow('the database was asked');
    expect((await readFeed(platform.ctx, 'ended', null)).entries).toHaveLength(1); // a failure is not kept
  });

  it('are not there for another kind or group', async () => {
    for (const path of ['feeds/old', 'feeds/constructor', `feeds/new?group=${'ab'.repeat(32)}`, 'feeds/ended?group=', "feeds/new?group='"])
      expect((await ask(`/api/anonymous/${path}`)).status).toBe(404);
  });
});

describe('a feed', () => {
  it('keeps any title whole and in its place', () => {
    const titles = ['</title><script>&amp;"\'', '\u202eright to left', 'a\u0001b\uffff', ']]>', '<![CDATA[', '長い題名 & more'];
    const entries = titles.map(
      (title, i): FeedEntry => ({
        day: DAY * i,
        statement: {
          ...{ id: String(i).repeat(64), title, language: 'en', state: 'open', openBy: 1, deadline: 2 },
          ...{ needed: 5, count: 3, revealed: 0 },
        },
      }),
    );
    const text = writeAtom({ kind: 'new', group: { id: 'a'.repeat(64), name: '<b>&' }, entries, today: 0 }, 'http://localhost:3000');
    const feed = read(text);
    expect(feed.title).toBe('New statements: <b>&');
    expect(feed.items.map(({ title }) => title)).toEqual([
      '</title><script>&amp;"\'',
      '‹U+202E›right to left',
      'a‹U+0001›b‹U+FFFF›',
      ']]>',
      '<![CDATA[',
      '長い題名 & more',
    ]);
    expect(text).not.toContain('<script');
    expect(text).toContain('<id>tag:localhost,2026:');
  });
});

function raise(message: string): never {
  throw new Error(message);
}
