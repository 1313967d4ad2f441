import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAtom } from '#app/feeds/write-atom.ts';
import { eq, sql } from '#db/drizzle.cjs';
import { type AskedDecision, decide } from '#db/moderation.ts';
import { entries } from '#db/schema/board.ts';
import { decisions } from '#db/schema/moderation.ts';
import { decisionListShape } from '#lib/api/shapes.ts';
import type { Entry } from '#lib/protocol/board/signature.ts';
import { checkShape } from '#lib/protocol/messages/shape.ts';
import type { Field } from '#lib/protocol/numbers/field.ts';
import { openChallenge } from '#lib/server/challenges/open.ts';
import { readFeed } from '#lib/server/feeds/read.ts';
import { listChoices, listGroupsOf, readGroupsPage } from '#lib/server/groups/list.ts';
import { readNewestDecisions } from '#lib/server/moderation/list.ts';
import { findRevised } from '#lib/server/statements/find-revised.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { listStatements } from '#lib/server/statements/list.ts';
import { openPilots, PILOTS_SEED } from '../support/pilots.ts';
import {
  inventNames,
  type OpenStatement,
  openStatement,
  postEntry,
  prepareStatement,
  publishAndCosign,
  publishGroup,
  publishRollOf,
  START,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { askOn } from '../support/publish-challenge.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN } from '../support/routes.ts';
import { createGroup, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let pilots: TestGroup;
let open: OpenStatement;
let ask: (path: string) => Promise<Response>;

beforeAll(async () => {
  platform = await startPlatform({ seed: PILOTS_SEED });
  ({ group: pilots, open } = await openPilots(platform));
  connectRoutes(platform);
  const { fetch } = fetchFrom(await loadRoutes());
  ask = (path) => fetch(ORIGIN + path);
});
afterAll(() => platform?.stop());

const take = (action: AskedDecision['action'], subject: string, reason = 'By order of a court.') =>
  decide(platform.ctx.db, { action, subject, reason }, platform.ctx.now());
const read = async (path: string) => (await ask(path)).text();
const TITLE = 'A title that nobody is to read';
const prepare = (groups: readonly TestGroup[], change = {}, title = 'A quiet quay') =>
  prepareStatement(platform, groups, { count: 2 }, { text: [{ language: 'en', title, body: 'We ask.' }], ...change }).context;

describe('a refused statement', () => {
  it('is not taken in, not even before it has come', async () => {
    const { id, statement } = prepare([pilots]);
    await expect(take('hide', id)).rejects.toThrow('There is nothing with this hash here');
    await take('refuse', id);
    await expect(openStatement(platform.ctx, statement)).rejects.toMatchObject({ code: 'STATEMENT_REFUSED', status: 409 });
    await take('show', id);
    expect(await openStatement(platform.ctx, statement)).toMatchObject({ id, isNew: true });
  });

  it('takes no signature, and one that was under way is left out without failing those stored with it', async () => {
    const { ctx } = platform;
    const { id } = open.context;
    const other = prepare([pilots], { openBy: open.context.statement.openBy + 2 });
    await openStatement(ctx, other.statement);
    await take('refuse', id);
    await expect(postEntry(ctx, await signOn(open, pilots, 0))).rejects.toMatchObject({ code: 'STATEMENT_REFUSED' });
    const hash = 'ab'.repeat(32);
    const row = { nullifier: 7n as Field, action: 'sign', groupId: pilots.id, hash, salt: hash, listed: hash, publishBy: START } as const;
    const body = {} as Entry;
    await ctx.db.insert(entries).values([other.id, id].map((statement) => ({ ...row, statement, body })));
    expect(await ctx.db.$count(entries, eq(entries.statement, id))).toBe(0);
    expect(await ctx.db.$count(entries, eq(entries.statement, other.id))).toBe(1);
    await expect(take('refuse', other.id)).rejects.toThrow('Somebody has signed this statement');
    await ctx.db.delete(entries); // nobody can list it
    await take('show', id);
  });
});

describe('a hidden statement', () => {
  it('is in no list, search, feed or calendar, while its data, its record and its board stay where they were', async () => {
    const { id, statement } = prepare([pilots], {}, TITLE);
    await openStatement(platform.ctx, statement);
    const lists = async () => {
      platform.clock.now += 60; // feeds are kept for a minute
      const all = await listStatements(platform.ctx);
      const ofGroup = await listStatements(platform.ctx, { group: pilots.id });
      const found = await listStatements(platform.ctx, { search: 'nobody is to read' });
      const feed = writeAtom(await readFeed(platform.ctx, 'new', null), ORIGIN);
      return JSON.stringify([all, ofGroup, found, feed, await read(`/api/anonymous/statements/${id}/calendar`)]);
    };
    expect((await lists()).split(TITLE)).toHaveLength(6);
    const record = async () => (await read(`/api/anonymous/statements/${id}/record`)).split('\n').slice(0, -2); // the last line has the time
    const before = await record();
    await take('hide', id);
    expect(await lists()).not.toContain(TITLE);
    expect((await getStatementView(platform.ctx, id)).title).toBe('A hidden statement');
    expect(await findRevised(platform.ctx, id)).toBeNull();
    expect(await read(`/api/anonymous/statements/${id}`)).toContain(TITLE);
    expect(await record()).toEqual(before);
    expect(before.join()).toContain(TITLE);
    await take('show', id, 'The court was overruled.');
    expect((await lists()).split(TITLE)).toHaveLength(6);
    expect(await getStatementView(platform.ctx, id)).toMatchObject({ title: TITLE, hidden: null });
  });

  it('T92: takes signatures and withdrawals, and its trustees cosign: nobody who has signed is left alone', async () => {
    const { id } = open.context;
    await postEntry(platform.ctx, await signOn(open, pilots, 5));
    await take('hide', id);
    await postEntry(platform.ctx, await signOn(open, pilots, 1));
    await postEntry(platform.ctx, await signOn(open, pilots, 5, { action: 'withdraw', group: pilots.id }));
    await publishAndCosign(platform, open, [1, 2, 3, 4]);
    expect(await getStatementView(platform.ctx, id)).toMatchObject({ hidden: { action: 'hide' }, live: 1, checkpoints: { final: 1 } });
    await expect(take('refuse', id)).rejects.toThrow('Somebody has signed this statement');
    await take('show', id);
  });
});

describe('a hidden group', () => {
  it('takes no new statement or question; its members keep their rolls, its issuer goes on, and what was open stays', async () => {
    const group = createGroup('A name that offends', inventNames(9), systemRandom);
    await publishGroup(platform, group);
    const earlier = prepare([group]);
    await openStatement(platform.ctx, earlier.statement);
    await take('hide', group.id, 'It poses as the harbour authority.');
    const refused = { code: 'GROUP_HIDDEN', status: 409, userText: expect.stringContaining('has hidden one of the groups') };
    await expect(openStatement(platform.ctx, prepare([group], { openBy: earlier.statement.openBy + 1 }).statement)).rejects.toMatchObject(
      refused,
    );
    await expect(openChallenge(platform.ctx, askOn(platform, [pilots, group]).challenge, null)).rejects.toMatchObject(refused);
    const { groups, chosen } = await listChoices(platform.ctx, [pilots.id, group.id]);
    for (const listed of [(await readGroupsPage(platform.ctx, {})).groups, groups, chosen])
      expect(listed.map(({ id }) => id)).toEqual([pilots.id]);
    expect((await listGroupsOf(platform.ctx, platform.issuer)).map(({ id }) => id)).toContain(group.id);
    expect((await readFeed(platform.ctx, 'new', group.id)).group?.name).toBe('A hidden group');
    expect((await publishRollOf(platform, nextRoll(group, group.members.slice(1)))).isNew).toBe(true);
    expect(await read(`/api/anonymous/groups/${group.id}`)).toContain('A name that offends');
    expect((await listStatements(platform.ctx, { group: group.id })).statements.map(({ id }) => id)).toEqual([earlier.id]);
    await expect(take('refuse', group.id)).rejects.toThrow('can be hidden and not refused');
  });
});

describe('the list of what was hidden', () => {
  it('has every decision in order with reason and day, never a text, the same for programs and people', async () => {
    const group = createGroup('Another that offends', inventNames(8), systemRandom);
    await publishGroup(platform, group);
    const first = await take('hide', group.id, 'It names a person.');
    const last = await take('show', group.id, 'It has been explained.');
    expect(first.day % 86_400).toBe(0);
    const text = await read('/api/anonymous/moderation?after=0');
    const listed = checkShape(decisionListShape, JSON.parse(text));
    expect(listed.ok && listed.value.decisions.slice(-2)).toEqual([first, last]);
    for (const hidden of [TITLE, 'that offends']) expect(text).not.toContain(hidden);
    const { decisions: newest } = await readNewestDecisions(platform.ctx, null);
    expect(newest.slice(0, 2)).toMatchObject([last, first]);
    expect((await readNewestDecisions(platform.ctx, newest[0]!.id)).decisions[0]).toMatchObject(first);
    expect((await ask('/api/anonymous/moderation?after=x')).status).toBe(400);
  });

  it('is only ever added to: the database refuses to change or delete a decision', async () => {
    const { ctx } = platform;
    const before = await read('/api/anonymous/moderation');
    await expect(ctx.db.update(decisions).set({ reason: 'Nothing happened.' })).rejects.toThrow();
    await expect(ctx.db.delete(decisions)).rejects.toThrow();
    await expect(ctx.db.execute(sql`truncate ${decisions}`)).rejects.toThrow();
    expect(await read('/api/anonymous/moderation')).toBe(before);
  });

  it('has only reasons of one line that show what they hold', async () => {
    const faults = {
      '': 'shows nothing',
      'one\ntwo': 'takes more than one line',
      ['x'.repeat(501)]: 'takes 501 characters, at most 500 fit',
      'to\u202edaer': 'holds U+202E',
      'a\u0007b': 'holds a control character',
    };
    for (const [reason, fault] of Object.entries(faults))
      await expect(take('hide', pilots.id, reason)).rejects.toThrow(`The reason ${fault}`);
  });

  it('has no decision twice, and none that takes back what was not done', async () => {
    const { id, statement } = prepare([pilots], { nonce: 'cd'.repeat(32) });
    await openStatement(platform.ctx, statement);
    await expect(take('show', id)).rejects.toThrow('Nothing with this hash is hidden');
    await take('hide', id);
    await expect(take('hide', id)).rejects.toThrow('It is hidden already');
    await take('refuse', id); // nobody has signed
    for (const action of ['hide', 'refuse'] as const) await expect(take(action, id)).rejects.toThrow('It is refused already');
  });
});
