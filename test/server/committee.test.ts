import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { type CommitteeWish, signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { createListingSalt, listedHash } from '#lib/protocol/board/listed.ts';
import { type Entry, entryHash, type Said } from '#lib/protocol/board/signature.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { signMessage } from '#lib/protocol/messages/ed25519.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { type MixStep, mixHash } from '#lib/protocol/reveal/mix.ts';
import type { Opening } from '#lib/protocol/reveal/opening.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { readBoardIndex, readSegment } from '#lib/server/board/read.ts';
import { readForCommittee } from '#lib/server/board/read-committee.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { listMessages } from '#lib/server/messages/list.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  postEntry,
  publishAndCosign,
  publishGroup,
  readWholeBoard,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { askOn, publishChallenge } from '../support/publish-challenge.ts';
import { readEverythingPublic } from '../support/read-everything-public.ts';
import { mixWave, openingOf } from '../support/reveal.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let routes: Route[];
let group: TestGroup;
let open: OpenStatement;
let challenge: Hex32;
const bodies: { entry: Entry; salt: string }[] = [];
let chain: MixStep[];
const openings: Opening[] = [];

/** Four sign, and one of them withdraws, where three are needed; the wave of the others is mixed, and opened by one. */
beforeAll(async () => {
  platform = await startPlatform({ seed: 'committee' });
  connectRoutes(platform);
  routes = await loadRoutes();
  group = createGroup('Harbour pilots', inventNames(8), platform.random);
  await publishGroup(platform, group);
  const context = askOn(platform, [group]);
  await publishChallenge(platform, context);
  challenge = context.id;
  open = await openKeyedStatement(platform, [group], { count: 3 });
  const say = async (member: number, said?: Said) => {
    const body = { entry: await signOn(open, group, member, said), salt: createListingSalt(systemRandom) };
    await postEntry(platform.ctx, body.entry, body.salt);
    bodies.push(body);
  };
  for (const member of [0, 1]) await say(member);
  await publishAndCosign(platform, open, [1, 2, 3]);
  await say(0, { action: 'withdraw', group: group.id });
  for (const member of [2, 3]) await say(member);
  platform.clock.now += 10;
  await publishAndCosign(platform, open, [1, 2, 3]);
  const mixed = await mixWave(platform, open, [2, 4]);
  chain = mixed.chain;
  for (const trustee of [3, 1]) openings.push(openingOf(open, mixed.setting, chain, trustee));
  await acceptMessage(platform.ctx, open.context.id, openings[0]);
});
afterAll(() => platform?.stop());

const api = () => createApi(ORIGIN, fetchFrom(routes).fetch);
const sign = (wish: CommitteeWish, { trustee = 1, now = platform.clock.now, of = open } = {}) =>
  signCommitteeRequest({ context: of.context, trustee, seed: of.committee.seeds[trustee - 1]! }, wish, now);
const post = (body: unknown, id = open.context.id) =>
  fetchFrom(routes).fetch(`/api/anonymous/statements/${id}/committee`, { method: 'POST', body: JSON.stringify(body) });
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;
const roll = () => rollHash(group.header);
const WISHES = (): CommitteeWish[] => [
  { want: 'board', after: 0 },
  { want: 'messages', after: 0 },
  { want: 'capsules', roll: roll() },
];
/** What stands in entries, salts, mixes and openings, and nowhere else. */
const secretsOf = () => [
  ...bodies.flatMap(({ entry, salt }) => [salt, entryHash(entry), entry.nullifier, ...entry.ephemeral, ...entry.sealed, ...entry.proof.a]),
  ...chain.flatMap(({ mix, lists }) => [mixHash(mix), mix.signature, ...lists.flatMap(({ items }) => items.flat(2))]),
  ...openings.slice(0, 1).flatMap(({ signature, lists }) => [signature, ...lists.flatMap(({ partials }) => partials.flat())]),
];

describe('the committee of a statement', () => {
  it('reads the board with its entries and salts, in the order of the public lists, and the counts are those of the entries (T52)', async () => {
    const { head, checkpoints } = await api().readSealedBoard(open.context.id, sign({ want: 'board', after: 0 }));
    const lists = await readWholeBoard(platform.ctx, open.context.id);
    expect(head).toBe(2);
    expect(checkpoints.map(({ checkpoint }) => checkpoint)).toEqual(lists);
    for (const { checkpoint, bodies: own } of checkpoints)
      expect(own.map(({ entry, salt }) => listedHash(entryHash(entry), salt))).toEqual(checkpoint.listed);
    expect(lists.map(({ live }) => live)).toEqual([2, 3].map((count) => [{ group: group.id, count }]));
    const later = await api().readSealedBoard(open.context.id, sign({ want: 'board', after: 1 }));
    expect(later.checkpoints).toEqual(checkpoints.slice(1));
  });

  it('reads every step with its lists and every opening, its own included, and the capsules whole', async () => {
    for (const trustee of [1, 2, 3, 4]) {
      const { messages } = await api().readMessages(open.context.id, sign({ want: 'messages', after: 0 }, { trustee }));
      expect(messages.filter(({ lists }) => lists).map(({ message, lists }) => ({ mix: message, lists }))).toEqual(chain);
      expect(messages.map(({ message }) => message)).toContainEqual(openings[0]);
      expect(await api().readCapsules(open.context.id, sign({ want: 'capsules', roll: roll() }, { trustee }))).toEqual(group.capsules);
    }
  });

  it('and everybody else get long answers that have room while they are made, by their bytes, or are the same for all (T20)', async () => {
    const { ctx } = platform;
    const { id } = open.context;
    const held: number[] = [];
    for (const audience of ['committee', 'public'] as const)
      vi.spyOn(ctx.making[audience], 'hold').mockImplementation((bytes, make) => {
        held.push(bytes);
        return make();
      });
    const texts = [
      ...(await Promise.all([0, 1].map((i) => readForCommittee(ctx, id, sign(WISHES()[i] as CommitteeWish))))).map((one) =>
        'text' in one ? one.text : '',
      ),
      await listMessages(ctx, id, { after: 0, epoch: null }, 'public'),
    ].map(({ length }) => length);
    vi.restoreAllMocks();
    expect(held).toHaveLength(3);
    const ascending = (a: number, b: number) => a - b;
    held.sort(ascending);
    for (const [i, length] of texts.sort(ascending).entries()) expect(held[i]).toBeGreaterThan(length);

    const capsules = () => readForCommittee(ctx, id, sign({ want: 'capsules', roll: roll() }));
    const [one, other] = (await Promise.all([capsules(), capsules()])) as { bytes: Uint8Array }[];
    expect(one!.bytes).toBe(other!.bytes);
    const { segments } = await readBoardIndex(ctx, id, 0);
    const segment = () => readSegment(ctx, id, '1', segments[0]!.hash);
    const [first, second] = await Promise.all([segment(), segment()]);
    expect(first).toBe(second);
  });

  it('is answered a few times at once: who asks for all of it again and again waits for itself alone (T20)', async () => {
    const gate = Promise.withResolvers<void>();
    const hold = vi.spyOn(platform.ctx.making.committee, 'hold').mockImplementation(async (_bytes, make) => {
      await gate.promise;
      return make();
    });
    const ask = (trustee: number) => post(sign({ want: 'board', after: 0 }, { trustee }));
    const flood = Array.from({ length: 8 }, () => ask(1));
    await vi.waitFor(() => expect(hold).toHaveBeenCalledTimes(8));
    expect(await codeOf(await ask(1))).toBe('BUSY');
    const another = ask(2);
    gate.resolve();
    expect((await Promise.all([...flood, another])).map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 200));
    vi.restoreAllMocks();
  });

  it('is told what no cache may keep', async () => {
    for (const wish of WISHES()) {
      const response = await post(sign(wish));
      expect([response.status, response.headers.get('Cache-Control')]).toEqual([200, 'no-store, no-transform']);
    }
  });
});

describe('anybody else', () => {
  it('finds no entry, salt, step or opening at any public address before k have opened the wave (T49)', async () => {
    const text = await readEverythingPublic(routes, open.context, group, challenge);
    expect(secretsOf().filter((secret) => text.includes(secret))).toEqual([]);
    const { messages } = await api().listMessages(open.context.id, 0);
    expect(messages.flatMap((one) => ('withheld' in one ? one.withheld : []))).toEqual([
      { type: 'mix', trustee: 2, wave: 1, step: 1 },
      { type: 'mix', trustee: 4, wave: 1, step: 2 },
      { type: 'opening', trustee: 3, wave: 1 },
    ]);
  });

  it('is refused what the committee reads: without its key, too late or too early, with anything changed, or about another statement', async () => {
    const other = await openKeyedStatement(platform, [group], { count: 3 });
    for (const wish of WISHES()) {
      const good = sign(wish);
      const { signature: _, ...body } = good;
      const seed = new Uint8Array(32).fill(9);
      const refused: [unknown, string][] = [
        [signMessage('committee-request', body, seed), 'TRUSTEE_SIGNATURE'],
        [{ ...good, trustee: 2 }, 'TRUSTEE_SIGNATURE'],
        [{ ...good, time: good.time + 1 }, 'TRUSTEE_SIGNATURE'],
        [sign(wish, { now: platform.clock.now - 301 }), 'REQUEST_NOT_FRESH'],
        [sign(wish, { now: platform.clock.now + 301 }), 'REQUEST_NOT_FRESH'],
        [sign(wish, { of: other }), 'OTHER_STATEMENT'],
        [{ ...sign(wish, { of: other }), statement: open.context.id }, 'TRUSTEE_SIGNATURE'],
        [{ ...good, trustee: 5 }, 'UNKNOWN_TRUSTEE'],
        [body, 'BAD_SHAPE'],
        [{ ...good, want: 'keys' }, 'BAD_SHAPE'],
      ];
      for (const [request, code] of refused) expect([wish.want, await codeOf(await post(request))]).toEqual([wish.want, code]);
      expect(await codeOf(await post(good, other.context.id))).toBe('OTHER_STATEMENT');
      expect((await post(sign(wish, { now: platform.clock.now - 300 }))).status).toBe(200);
    }
    const changed = { ...sign({ want: 'messages', after: 0 }), want: 'board' };
    expect(await codeOf(await post(changed))).toBe('TRUSTEE_SIGNATURE');
    expect(await codeOf(await post(sign({ want: 'capsules', roll: 'ab'.repeat(32) })))).toBe('UNKNOWN_ROLL');
  });

  it('asks for rolls and the hashes of their capsules whole: no address takes a place, a leaf or a tag (T47)', async () => {
    const ofRolls = routes.filter(({ pattern }) => pattern.startsWith('/api/anonymous/rolls'));
    expect(ofRolls.map(({ pattern, methods }) => [pattern.replace('/api/anonymous/rolls', ''), methods])).toEqual([
      ['/[hash]/leaves', ['GET']],
      ['/[hash]/names', ['GET']],
      ['/[hash]', ['GET']],
    ]);
    for (const address of [`/api/anonymous/rolls/${roll()}/names`, `/api/anonymous/rolls/${roll()}/leaves`]) {
      const read = async (query: string) =>
        Buffer.from(await (await fetchFrom(routes).fetch(address + query)).arrayBuffer()).toString('hex');
      expect(await read(`?tag=${'ab'.repeat(32)}&index=0&after=1`)).toBe(await read(''));
    }
  });

  it('finds all of a wave once k have opened it, and nothing more of the others', async () => {
    await acceptMessage(platform.ctx, open.context.id, openings[1]);
    const text = await readEverythingPublic(routes, open.context, group, challenge);
    const [withdrawn, ...rest] = bodies.map(({ entry }) => entry);
    const opened = rest.filter(({ said }) => said.action === 'sign');
    for (const entry of opened) expect(text).toContain(entry.nullifier);
    expect(text).not.toContain(withdrawn!.nullifier);
    expect(bodies.filter(({ salt }) => text.includes(salt))).toEqual([]);
    for (const { mix } of chain) expect(text).toContain(mix.signature);
  });
});

describe('after the end', () => {
  it('not even the committee gets entries, salts or capsules', async () => {
    platform.clock.now = destructionTime(open.context.statement);
    for (const erase of [async () => {}, () => eraseUnopened(platform.ctx)]) {
      await erase();
      for (const wish of WISHES()) {
        const response = await post(sign(wish));
        if (wish.want === 'messages') expect(response.status).toBe(200);
        else expect(await codeOf(response)).toBe('STATEMENT_ENDED');
      }
    }
  });
});
