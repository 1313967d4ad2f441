import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GroupChoice } from '#app/new/group-choice.tsx';
import { groups, invitations, rolls } from '#db/schema/membership.ts';
import { createApi } from '#lib/api/client.ts';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { readPages } from '#lib/api/pages.ts';
import { readRolls } from '#lib/api/read-rolls.ts';
import type { Fetch } from '#lib/api/request.ts';
import type { GroupAnswer, GroupSummary } from '#lib/api/shapes.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { listChoices, readGroupsPage } from '#lib/server/groups/list.ts';
import { readFinal } from '#lib/signing/check-receipt.ts';
import { fetchHistory } from '#lib/signing/group-history.ts';
import { inventNames, publishGroup, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openCookie } from '../support/sign-in.ts';
import { createGroup, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

const ROLLS = 253;
const TICKETS = 4_100;

let platform: TestPlatform;
let routes: Route[];
let group: TestGroup;
/** The newest roll of the group, which its issuer has signed; older ones are proven by the hashes in it. */
let newest: TestGroup;
const asked: string[] = [];

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  await publishGroup(platform, group);
  const { db } = platform.ctx;
  const nothing = new Uint8Array();
  let last = group.header;
  const older: RollHeader[] = [];
  for (let number = 2; number < ROLLS; number++) {
    last = { ...last, number, previous: rollHash(last) };
    older.push(last);
  }
  newest = nextRoll({ ...group, header: last }, group.members);
  const rowOf = (header: RollHeader) => ({ hash: rollHash(header), groupId: group.id, number: header.number, size: 9, header });
  await db.insert(rolls).values([...older, newest.header].map((header) => ({ ...rowOf(header), file: nothing, names: nothing })));
  const ticketAt = (i: number) => i.toString(16).padStart(64, '0');
  const states = (i: number) =>
    i % 2_000 === 1
      ? { state: 'accepted' as const, enrolmentId: ticketAt(i), ciphertext: Uint8Array.of(1) }
      : { state: 'enrolled' as const, enrolmentId: null, ciphertext: null };
  await db
    .insert(invitations)
    .values(Array.from({ length: TICKETS }, (_, i) => ({ ticket: ticketAt(i), groupId: group.id, ...states(i) })));
  const names = Array.from({ length: 450 }, (_, i) => ({ issuer: group.header.group.issuer, name: `Group ${i % 10} of ${i}` }));
  const rows = names.map((one) => ({ id: groupId(one), issuer: platform.issuer, issuerKey: one.issuer, name: one.name, claimedAt: 1 }));
  await db.insert(groups).values(rows);
});
afterAll(() => platform?.stop());

const noting = (headers: Record<string, string> = {}): Fetch => {
  const { fetch } = fetchFrom(routes, headers);
  return async (input, init) => {
    asked.push(input.slice(ORIGIN.length));
    return fetch(input, init);
  };
};
const askedFor = async <T,>(work: () => Promise<T>): Promise<[T, string[]]> => {
  asked.length = 0;
  return [await work(), [...asked]];
};

describe('the rolls of a group', () => {
  it('come in pages of a hundred, newest first, or as few as are asked for', async () => {
    const api = createApi(ORIGIN, noting());
    const page = await api.getGroup(group.id);
    expect([page.rolls.length, page.rolls[0]?.number, page.next]).toEqual([100, ROLLS, ROLLS - 99]);
    expect(await api.getGroup(group.id, { most: 1 })).toMatchObject({ rolls: [newest.header], next: ROLLS });
    const last = await api.getGroup(group.id, { before: 3 });
    expect([last.rolls.map(({ number }) => number), last.next]).toEqual([[2, 1], undefined]);
    for (const query of ['before=0', 'before=x', 'most=101', 'most=0', 'most=-1', 'before=1e3'])
      expect(await (await noting()(`${ORIGIN}/api/anonymous/groups/${group.id}?${query}`, {})).json()).toMatchObject({
        error: { code: 'BAD_QUERY' },
      });
  });

  it('are read as far as they are needed, and prove the same as in one piece', async () => {
    const api = createApi(ORIGIN, noting());
    const [history, requests] = await askedFor(() => fetchHistory(api, group.id));
    expect([history.ok && history.value.length, requests.length]).toEqual([ROLLS, 3]);
    const isEnough = (shown: readonly RollHeader[]) => (shown.at(-1)?.number ?? 0) < ROLLS - 50;
    expect((await askedFor(() => readRolls(api, group.id, isEnough)))[1]).toHaveLength(1);
  });

  it('are refused where a page does not go on where the one before it has ended', async () => {
    const api = createApi(ORIGIN, noting());
    const first = await api.getGroup(group.id);
    for (const next of [ROLLS, ROLLS - 98, ROLLS - 100])
      await expect(readRolls({ getGroup: async () => ({ ...first, next }) }, group.id, () => false)).rejects.toMatchObject({
        code: 'BAD_ANSWER',
      });
    const empty = { ...first, rolls: [] };
    const getGroup = async (_: string, { before }: { before?: number } = {}): Promise<GroupAnswer> => (before ? empty : first);
    await expect(readRolls({ getGroup }, group.id, () => false)).rejects.toMatchObject({ code: 'BAD_ANSWER' });
  });
});

describe('a platform whose lists never end', () => {
  const endless = { code: 'BAD_ANSWER', message: expect.stringContaining('does not end') };
  const hexAt = (i: number) => i.toString(16).padStart(64, '0');

  it('is given up after a bounded number of pages, whatever list it is', async () => {
    let asks = 0;
    const withAsks = async (work: Promise<unknown>) => {
      await expect(work).rejects.toMatchObject(endless);
      return asks;
    };
    const forever = createApi(ORIGIN, async () => Response.json({ groups: [], next: hexAt(++asks) }));
    expect(await withAsks(forever.listGroups())).toBe(10_000);

    asks = 0;
    const number = 2 ** 40;
    const getGroup = async (): Promise<GroupAnswer> => {
      const header = { ...group.header, number: number - asks++ };
      return { id: group.id, group: header.group, rolls: [header], next: header.number };
    };
    expect(await withAsks(readRolls({ getGroup }, group.id, () => false))).toBe(10_000);

    asks = 0;
    const about = { type: 'cosignature', trustee: 1, slot: 1 } as never;
    const listMessagesOf = async (_type: string, _id: string, after: number) => {
      asks++;
      return { epoch: hexAt(1), after, messages: [{ cursor: after + 1, withheld: about }] };
    };
    expect(await withAsks(readFinal({ listMessagesOf }, { id: hexAt(1) } as StatementContext, []))).toBe(10_000);
  });

  it('is given up sooner where its pages are long', async () => {
    let asks = 0;
    const padding = 'x'.repeat(2 ** 26);
    await expect(readPages(async () => ({ padding, next: ++asks }))).rejects.toMatchObject(endless);
    expect(asks).toBe(4);
  });
});

describe('lists that grow with what a group and a site have had', () => {
  it('come in pages, each of them once: invitations by ticket, groups by name', async () => {
    const issuer = createIssuerApi(ORIGIN, noting({ Cookie: await openCookie(platform, platform.keeper), Origin: ORIGIN }));
    const [listed, requests] = await askedFor(() => issuer.listEnrolments(group.id));
    expect([listed.length, new Set(listed.map(({ ticket }) => ticket)).size, requests.length]).toEqual([TICKETS, TICKETS, 3]);
    const [waiting, one] = await askedFor(() => issuer.listEnrolments(group.id, { state: 'accepted' }));
    expect([waiting.map(({ state }) => state), one.length]).toEqual([['accepted', 'accepted', 'accepted'], 1]);

    for (const list of [createApi(ORIGIN, noting()).listGroups, issuer.listGroups]) {
      const [all, pages] = await askedFor(() => list());
      expect([all.length, new Set(all.map(({ id }) => id)).size, pages.length]).toEqual([451, 451, 3]);
      expect(all.find(({ id }) => id === group.id)).toMatchObject({ number: ROLLS, size: 9 });
    }
    for (const path of [
      'anonymous/groups?after=x',
      `anonymous/groups?search=${'x'.repeat(101)}`,
      `issuer/groups?after=${'ab'.repeat(32)}`,
      `issuer/groups/${group.id}/enrolments?after=x`,
    ])
      expect(
        await (await noting({ Cookie: await openCookie(platform, platform.keeper) })(`${ORIGIN}/api/${path}`, {})).json(),
      ).toMatchObject({
        error: { code: 'BAD_QUERY' },
      });
  });
});

describe('groups that pages show and offer', () => {
  const named = (list: readonly GroupSummary[]) => list.map((one) => one.group.name);

  it('are a bounded number, with those that are chosen already, wherever they stand', async () => {
    const { ctx } = platform;
    const last = (await readGroupsPage(ctx, { search: 'harbour' })).groups[0]!;
    expect(last.id).toBe(group.id);
    const { groups: offered, chosen, next } = await listChoices(ctx, [group.id, 'no id', 'ab'.repeat(32)]);
    expect([offered.length, offered.some(({ id }) => id === group.id), chosen, next]).toEqual([200, false, [last], offered.at(-1)?.id]);
    expect((await readGroupsPage(ctx, {})).groups).toEqual(offered);
    const html = renderToStaticMarkup(
      <GroupChoice
        {...{ legend: 'Who', hint: '', error: undefined, guess: 'who signed', floor: 1, onChange: () => {}, rolls: new Map() }}
        groups={{ groups: offered, chosen, ...(next ? { next } : {}) }}
        chosen={[group.id]}
      />,
    );
    expect(html.match(/type="checkbox"/g)).toHaveLength(201);
    expect(html.match(/checked=""/g)).toHaveLength(1);
    for (const part of ['Find a group', 'This site is told what you look for', 'role="status"', 'aria-label="Pages of the list"', '>Next<'])
      expect(html).toContain(part);
  });

  it('are found on the server by words of name and key, in any case and without accents, page by page', async () => {
    const api = createApi(ORIGIN, noting());
    // The key of an issuer may hold the number by chance: then it finds them all.
    const numbered = await readPages((after?: string) => api.findGroups('GROUP  öf 44', after));
    expect(named(numbered.flatMap((page) => page.groups))).toEqual(expect.arrayContaining(['Group 4 of 44', 'Group 0 of 440']));
    expect(named((await api.findGroups(`pilots ${group.header.group.issuer.slice(0, 12)}`)).groups)).toEqual(['Harbour pilots']);
    expect(await api.findGroups('nobody at all')).toEqual({ groups: [] });
    const [pages, requests] = await askedFor(() => readPages((after?: string) => api.findGroups('group', after)));
    expect([new Set(pages.flatMap(({ groups: found }) => found.map(({ id }) => id))).size, requests.length]).toEqual([450, 3]);
  });

  it('are looked through in parts, each of which says where the next one begins', async () => {
    const names = Array.from({ length: 2_100 }, (_, i) => ({ issuer: group.header.group.issuer, name: `Club ${i}` }));
    const rows = names.map((one) => ({ id: groupId(one), issuer: platform.issuer, issuerKey: one.issuer, name: one.name, claimedAt: 1 }));
    await platform.ctx.db.insert(groups).values(rows);
    const api = createApi(ORIGIN, noting());
    const first = await api.findGroups('pilots');
    expect([first.groups, first.next]).toEqual([[], expect.any(String)]);
    expect(named((await api.findGroups('pilots', first.next)).groups)).toEqual(['Harbour pilots']);
  });
});
