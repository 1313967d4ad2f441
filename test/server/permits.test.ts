import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { createIssuer, parseIssuer } from '#lib/issuing/issuer-file.ts';
import { publishRules } from '#lib/issuing/publish-rules.ts';
import { readDrafts } from '#lib/issuing/read-drafts.ts';
import { signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { fieldToBytes } from '#lib/protocol/numbers/field.ts';
import { type GroupPolicy, STANDARD_RULES, signGroupPolicy } from '#lib/protocol/permit/group-policy.ts';
import { firstKeptWeek, type Permit, startOfWeek, weekOf } from '#lib/protocol/permit/permit.ts';
import type { StatementContext } from '#lib/protocol/statement/statement.ts';
import { readForCommittee } from '#lib/server/board/read-committee.ts';
import { listPolicies, publishPolicy } from '#lib/server/groups/policies.ts';
import { decideDraft, erasePermits, listDrafts } from '#lib/server/statements/drafts.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import { openStatement } from '#lib/server/statements/open.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import {
  inventNames,
  newKeeper,
  prepareStatement,
  publishGroup,
  publishRollOf,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { permitOnce } from '../support/recorded-entries.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openClient } from '../support/sign-in.ts';
import { type Committee, createCommittee, createGroup, nextRoll, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let routes: Route[];
let pilots: TestGroup;
let masters: TestGroup;
let committee: Committee;

// Everything is drawn from a seed and in one order, so that the permits can be kept: a new test comes last.
beforeAll(async () => {
  platform = await startPlatform({ seed: 'permits' });
  connectRoutes(platform);
  routes = await loadRoutes();
  committee = createCommittee(4, 2, platform.random);
  pilots = createGroup('Harbour pilots', inventNames(9), platform.random);
  const both = pilots.members.slice(0, 1).map(({ identity }) => identity);
  masters = createGroup('Harbour masters', inventNames(8), platform.random, both);
  for (const group of [pilots, masters]) await publishGroup(platform, group);
});
afterAll(() => platform?.stop());

const prepare = (groups = [pilots]) => prepareStatement(platform, groups, { count: 2 }, {}, committee).context;
const permitOf = (context: StatementContext, member: number, slot = 0, group = pilots) => permitOnce(context, group, member, START, slot);
const openAs = (context: StatementContext, permit: unknown) => openStatement(platform.ctx, context.statement, { by: 'member', permit });
const refusalOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => 'taken',
    (reason: { code?: string }) => reason.code ?? String(reason),
  );
  return error;
};
const bytesOf = ({ nullifier }: Permit) =>
  Buffer.from(fieldToBytes(BigInt(nullifier) as Parameters<typeof fieldToBytes>[0])).toString('hex');
const rule = (group: TestGroup, number: number, rules: Partial<GroupPolicy>) =>
  publishPolicy(
    platform.ctx,
    platform.keeper,
    group.id,
    signGroupPolicy({ group: group.header.group, number, ...STANDARD_RULES, time: platform.clock.now, ...rules }, group.seed),
  );

describe('a statement that a member opens', () => {
  it('is taken with a permit over HTTP, says by a member of which group, and shows the permit to its committee alone', async () => {
    const context = prepare();
    const permit = await permitOf(context, 0);
    const api = createApi(ORIGIN, fetchFrom(routes).fetch);
    const opening = { statement: context.statement, permit };
    expect(await api.openStatement(opening)).toEqual({ id: context.id });
    expect(await api.openStatement(opening)).toEqual({ id: context.id });
    expect((await getStatementView(platform.ctx, context.id)).openedBy).toEqual({ by: 'member', group: pilots.id });
    expect((await api.getStatement(context.id)).openedBy).toEqual({ by: 'member', group: pilots.id });
    const reader = { context, trustee: 1, seed: committee.seeds[0] as Uint8Array };
    const request = signCommitteeRequest(reader, { want: 'permit' }, START);
    expect(await api.readPermit(context.id, request)).toEqual({ openedBy: { by: 'member', group: pilots.id }, permit });
    const stranger = signCommitteeRequest({ ...reader, seed: committee.seeds[1] as Uint8Array }, { want: 'permit' }, START);
    expect(await refusalOf(readForCommittee(platform.ctx, context.id, stranger))).toBe('TRUSTEE_SIGNATURE');
    const bare = api.openStatement({ ...prepare().statement, permit } as unknown as Parameters<typeof api.openStatement>[0]);
    expect(await refusalOf(bare)).toBe('BAD_SHAPE');
  });

  it('T87: is refused with a sentence when its member floods: each slot once, no slot beyond the quota, also side by side', async () => {
    const [one, two, three] = [prepare(), prepare(), prepare()];
    const outcomes = await Promise.all([one, two].map(async (context) => refusalOf(openAs(context, await permitOf(context, 1)))));
    expect(outcomes.sort()).toEqual(['SLOT_USED', 'taken']);
    expect(await refusalOf(openAs(three, await permitOf(three, 1)))).toBe('SLOT_USED');
    expect(await refusalOf(openAs(three, { ...(await permitOf(three, 1)), slot: 2 }))).toBe('SLOT_BEYOND_QUOTA');
    expect(await openAs(three, await permitOf(three, 1, 1))).toMatchObject({ isNew: true, waits: false });
    const error = await openAs(prepare(), await permitOf(three, 1)).catch((reason: { userText: string }) => reason);
    expect(error).toMatchObject({ code: 'OTHER_STATEMENT' });
  });

  it('T88: is refused, and leaves nothing behind, with a proof that was made for anything else', async () => {
    const context = prepare([pilots, masters].sort((a, b) => (a.id < b.id ? -1 : 1)));
    const permit = await permitOf(context, 2);
    const before = await dumpDatabase(platform.databaseUrl);
    const forged: [Permit, string][] = [
      [{ ...permit, nullifier: '5' }, 'INVALID_PROOF'],
      [{ ...permit, slot: 1 }, 'INVALID_PROOF'],
      [{ ...permit, said: { ...permit.said, group: masters.id } }, 'INVALID_PROOF'],
      [{ ...permit, week: permit.week - 1 }, 'PERMIT_WEEK'],
      [{ ...permit, said: { ...permit.said, group: 'ab'.repeat(32) } }, 'UNKNOWN_GROUP'],
      [{ ...permit, said: { ...permit.said, statement: prepare().id } }, 'OTHER_STATEMENT'],
    ];
    for (const [one, code] of forged) expect(await refusalOf(openAs(context, one)), JSON.stringify(one).slice(0, 80)).toBe(code);
    expect(await dumpDatabase(platform.databaseUrl)).toBe(before);
    expect(await openAs(context, permit)).toMatchObject({ isNew: true });
  });

  it('is taken for ten minutes of the next week', async () => {
    const context = prepare();
    const permit = await permitOf(context, 3);
    const end = startOfWeek(permit.week + 1);
    const later = { openBy: end + 9_000, deadline: end + 90_000 };
    const next = prepareStatement(platform, [pilots], { count: 2 }, later, committee).context;
    const late = await permitOf(next, 3);
    try {
      platform.clock.now = end + 600;
      expect(await refusalOf(openAs(next, late))).toBe('PERMIT_WEEK');
      platform.clock.now = end + 599;
      expect(await openAs(next, late)).toMatchObject({ isNew: true });
    } finally {
      platform.clock.now = START;
    }
  });
});

describe('the policy of a group', () => {
  it('is what its issuer has signed, numbered and fresh, and for everybody to read', async () => {
    const policy = signGroupPolicy(
      { group: masters.header.group, number: 1, ...STANDARD_RULES, foreign: false, time: START },
      masters.seed,
    );
    const publish = (value: unknown, keeper = platform.keeper, id = masters.id) => publishPolicy(platform.ctx, keeper, id, value);
    const stranger = await newKeeper(platform.ctx, 'stranger');
    expect(await refusalOf(publish(policy, stranger))).toBe('GROUP_NOT_FOUND');
    expect(await refusalOf(publish(policy, platform.keeper, pilots.id))).toBe('POLICY_ORDER');
    expect(await refusalOf(publish({ ...policy, quota: 9 }))).toBe('POLICY_SIGNATURE');
    expect(await refusalOf(rule(masters, 2, {}))).toBe('POLICY_ORDER');
    expect(await refusalOf(rule(masters, 1, { time: START - 301 }))).toBe('REQUEST_NOT_FRESH');
    expect(await publish(policy)).toEqual({ number: 1, isNew: true });
    expect(await publish(policy)).toEqual({ number: 1, isNew: false });
    expect(await listPolicies(platform.ctx, masters.id)).toEqual({ policies: [policy], refused: [] });
    expect(await refusalOf(listPolicies(platform.ctx, 'ab'.repeat(32)))).toBe('GROUP_NOT_FOUND');
  });

  it('keeps others from naming the group, and its own members from opening where only the account does', async () => {
    const both = [pilots, masters].sort((a, b) => (a.id < b.id ? -1 : 1));
    const foreign = prepare(both);
    expect(await refusalOf(openAs(foreign, await permitOf(foreign, 4)))).toBe('GROUP_CLOSED');
    expect(await openAs(foreign, await permitOf(foreign, 1, 0, masters))).toMatchObject({ isNew: true });
    await rule(masters, 2, { opening: 'accounts', foreign: false });
    const own = prepare([masters]);
    expect(await refusalOf(openAs(own, await permitOf(own, 2, 0, masters)))).toBe('ACCOUNTS_ONLY');
    const client = await openClient(platform, routes, platform.keeper);
    expect(await client.openStatement(own.statement)).toEqual({ id: own.id });
    expect((await getStatementView(platform.ctx, own.id)).openedBy).toEqual({ by: 'account', group: masters.id });
    const other = await openClient(platform, routes, await newKeeper(platform.ctx, 'another'));
    expect(await refusalOf(other.openStatement(prepare([masters]).statement))).toBe('UNKNOWN_GROUP');
  });

  it('puts a draft before the issuer first; a refusal is public by id, reason and day, never by the text', async () => {
    await rule(pilots, 1, { opening: 'approved' });
    const [good, bad] = [prepare(), prepare()];
    const client = await openClient(platform, routes, platform.keeper);
    const api = createApi(ORIGIN, fetchFrom(routes).fetch);
    expect(await api.openStatement({ statement: good.statement, permit: await permitOf(good, 5) })).toEqual({ id: good.id, waits: true });
    expect(await openAs(bad, await permitOf(bad, 6))).toEqual({ id: bad.id, isNew: true, waits: true });
    expect(await refusalOf(getStatementView(platform.ctx, good.id))).toBe('UNKNOWN_STATEMENT');
    expect((await client.listDrafts(pilots.id)).map(({ id }) => id).sort()).toEqual([good.id, bad.id].sort());
    const shown = await readDrafts({ ...api, ...client }, pilots.id);
    for (const { id, statement } of [good, bad])
      expect(shown.find((draft) => draft.id === id)?.context).toMatchObject({ ok: true, value: { id, statement } });
    const swapped = async () => [{ id: good.id, statement: bad.statement }];
    expect(await readDrafts({ ...api, listDrafts: swapped }, pilots.id)).toMatchObject([{ context: { code: 'SWAPPED_STATEMENT' } }]);
    expect(await refusalOf(listDrafts(platform.ctx, (await newKeeper(platform.ctx, 'third')).issuer, pilots.id))).toBe('GROUP_NOT_FOUND');
    await client.decideDraft(pilots.id, { decision: 'approve', statement: good.id });
    await client.decideDraft(pilots.id, { decision: 'refuse', statement: bad.id, reason: 'It names somebody.' });
    expect((await getStatementView(platform.ctx, good.id)).openedBy).toEqual({ by: 'member', group: pilots.id });
    const refused = [{ statement: bad.id, reason: 'It names somebody.', day: START - (START % 86_400) }];
    expect((await api.getPolicies(pilots.id)).refused).toEqual(refused);
    expect(await dumpDatabase(platform.databaseUrl)).not.toContain(bad.statement.nonce);
    expect(await refusalOf(openAs(bad, await permitOf(bad, 6)))).toBe('DRAFT_REFUSED');
    for (const statement of [good.id, bad.id])
      expect(await refusalOf(decideDraft(platform.ctx, platform.keeper, pilots.id, { decision: 'approve', statement }))).toBe(
        'DRAFT_NOT_FOUND',
      );
    await rule(pilots, 2, {});
  });
});

describe('an issuer that changes the rules of a group', () => {
  it('publishes the next policy with what it did not change as it was, and nothing where nothing changes', async () => {
    const client = await openClient(platform, routes, platform.keeper);
    const api = { ...client, ...createApi(ORIGIN, fetchFrom(routes).fetch) };
    const issuer = parseIssuer(JSON.stringify({ ...createIssuer(platform.random), seed: Buffer.from(masters.seed).toString('hex') }));
    if (!issuer.ok) throw new Error(issuer.detail);
    const group = { id: masters.id, name: masters.header.group.name };
    const change = (rules: Partial<GroupPolicy>) => publishRules(api, issuer.value, { group, change: rules, now: START });
    expect(await change({ quota: 3 })).toMatchObject({ ok: true, value: { number: 3, opening: 'accounts', foreign: false, quota: 3 } });
    expect(await change({ quota: 3 })).toEqual({ ok: true, value: null });
    expect((await api.getPolicies(masters.id)).policies.map(({ quota }) => quota)).toEqual([2, 2, 3]);
  });
});

describe('the permits of a week', () => {
  it('T89: are gone with their nullifiers a day after it, so that a seized wallet finds none of its owner’s texts', async () => {
    const context = prepare();
    const permit = await permitOf(context, 7);
    await openAs(context, permit);
    await rule(pilots, 3, { opening: 'approved' });
    const waiting = prepare();
    await openAs(waiting, await permitOf(waiting, 8));
    const api = createApi(ORIGIN, fetchFrom(routes).fetch);
    const shown = JSON.stringify([await api.getStatement(context.id), await api.getPolicies(pilots.id), await api.listStatements()]);
    expect(shown).toContain(context.id);
    expect(shown).not.toContain(permit.nullifier);
    const holds = async () => (await dumpDatabase(platform.databaseUrl)).includes(bytesOf(permit));
    const gone = startOfWeek(weekOf(START) + 1) + 86_400;
    expect(firstKeptWeek(gone - 1)).toBe(permit.week);
    platform.clock.now = gone - 1;
    await erasePermits(platform.ctx);
    expect(await holds()).toBe(true);
    platform.clock.now = gone;
    await erasePermits(platform.ctx);
    expect(await holds()).toBe(false);
    const dump = await dumpDatabase(platform.databaseUrl);
    expect([dump.includes(permit.nullifier), dump.includes(waiting.statement.nonce)]).toEqual([false, false]);
    platform.clock.now = START;
  });
});

describe('a member’s permit and a roll that is dated far back', () => {
  it.each(['permit', 'roll'] as const)('cannot both be taken when they come at once, the %s first', async (first) => {
    const group = createGroup(`Night pilots (${first})`, inventNames(8), platform.random);
    await publishGroup(platform, group);
    const now = START + 10 * 86_400;
    const { context } = prepareStatement(platform, [group], { count: 2 }, { openBy: now + 9_000, deadline: now + 90_000 }, committee);
    const permit = await permitOnce(context, group, 0, now);
    platform.clock.now = now;
    const held = await holdGroup(group);
    const works = {
      permit: () => refusalOf(openAs(context, permit)),
      roll: () => refusalOf(publishRollOf(platform, nextRoll(group, group.members))),
    };
    const early = works[first]();
    await held.waiters(1, early);
    const late = works[first === 'permit' ? 'roll' : 'permit']();
    await held.waiters(2, Promise.race([early, late]));
    await held.letGo();
    expect([await early, await late]).toEqual(['taken', first === 'permit' ? 'ROLL_TIME' : 'ROLL_OUTDATED']);
    platform.clock.now = START;
  });
});

/** Keeps the row of a group, so that whoever needs it waits: until so many do, or something is over. */
async function holdGroup({ id }: TestGroup) {
  const client = postgres(platform.databaseUrl, { max: 2 });
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isHeld = () => {};
  const holding = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  const transaction = client.begin(async (sql) => {
    await sql`select id from membership.groups where id = ${Buffer.from(id, 'hex')} for update`;
    isHeld();
    await until;
  });
  await holding;
  return {
    async waiters(count: number, over: Promise<unknown>) {
      let isOver = false;
      void over.then(() => {
        isOver = true;
      });
      const waiting = async () => (await client`select pid from pg_stat_activity where wait_event_type = 'Lock'`).length;
      while (!isOver && (await waiting()) < count);
    },
    async letGo() {
      release();
      await transaction;
      await client.end();
    },
  };
}
