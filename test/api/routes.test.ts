import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { messageListShape, platformShape } from '#lib/api/shapes.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { CACHE_CONTROL } from '#lib/server/http/caching.ts';
import { inventNames, openKeyedStatement, publishGroup, startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openCookie } from '../support/sign-in.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let routes: Route[];
let group: TestGroup;
let statement: string;

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
  group = createGroup('Harbour pilots', inventNames(9), systemRandom);
  await publishGroup(platform, group);
  statement = (await openKeyedStatement(platform, [group], { count: 3 })).context.id;
});
afterAll(() => platform?.stop());

/** The cookie of a session that holds: of the issuer whose group is on the platform. */
const signIn = () => openCookie(platform, platform.keeper);

const anonymous = () => routes.filter(({ pattern }) => !pattern.startsWith('/api/issuer'));

/** Every route with ids that exist and ids that do not. */
function addressesOf(pattern: string): string[] {
  const fill = (id: string, hash: string) =>
    pattern.replace('[id]', id).replace('[hash]', hash).replace('[key]', hash).replace('[from]', '1').replace('[...path]', 'manifest.json');
  const known = pattern.includes('groups') ? group.id : statement;
  return [fill(known, 'ab'.repeat(32)), fill('cd'.repeat(32), 'cd'.repeat(32)), fill('..%2F..', 'A'.repeat(64)), fill('%00', "'; drop")];
}

async function errorOf(response: Response): Promise<{ code: string; message: string }> {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return error;
}

describe('the anonymous routes', () => {
  it('set no cookie and answer the same to whoever sends one, even to a signed-in issuer (T13, T14)', async () => {
    const { fetch: signedIn } = fetchFrom(routes, { Cookie: await signIn() });
    expect(await (await signedIn('/api/issuer/session')).json()).toEqual({ issuer: { id: platform.issuer } });
    const cookies = ['round-robin-issuer=anything; session=1', await signIn()];
    const seen = new Set<string>();
    for (const route of anonymous().filter(({ methods }) => methods.includes('GET'))) {
      for (const address of addressesOf(route.pattern)) {
        const answers = [];
        for (const headers of [{}, ...cookies.map((cookie) => ({ Cookie: cookie }))] as Record<string, string>[]) {
          const { fetch } = fetchFrom(routes, headers);
          const response = await fetch(address);
          expect(response.headers.get('Set-Cookie')).toBeNull();
          expect(response.headers.get('Cache-Control')).toBeTruthy();
          answers.push([response.status, await response.text()]);
        }
        expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
        seen.add(route.pattern);
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(12);
  });

  it('give a roll whole and for keeping, the same bytes however it is asked for: nobody asks for a place in it (T14)', async () => {
    const { fetch } = fetchFrom(routes);
    const roll = rollHash(group.header);
    for (const list of ['leaves', 'names']) {
      const address = `/api/anonymous/rolls/${roll}/${list}`;
      const bytesOf = async (query: string, init?: RequestInit) => {
        const response = await fetch(address + query, init);
        expect([response.status, response.headers.get('Cache-Control')]).toEqual([200, CACHE_CONTROL.immutable]);
        return new Uint8Array(await response.arrayBuffer());
      };
      const whole = await bytesOf('');
      expect(whole.length).toBeGreaterThanOrEqual(32 * group.header.size);
      for (const query of ['?index=3', `?leaf=${group.leaves[3]}`, '?from=1&to=2']) expect(await bytesOf(query)).toEqual(whole);
      expect(await bytesOf('', { headers: { Range: 'bytes=0-31' } })).toEqual(whole);
    }
    const ofRolls = routes.map(({ pattern }) => pattern).filter((pattern) => pattern.startsWith('/api/anonymous/rolls/'));
    expect(ofRolls.sort()).toEqual(['', '/leaves', '/names'].map((list) => `/api/anonymous/rolls/[hash]${list}`));
  });

  it('answer what the client expects', async () => {
    const { fetch } = fetchFrom(routes);
    const api = createApi(ORIGIN, fetch);
    expect(platformShape.parse(await api.getPlatform()).key).toBe(platform.ctx.platformKey);
    expect((await api.listStatements()).statements.map(({ id, state }) => [id, state])).toEqual([[statement, 'open']]);
    expect((await api.getStatement(statement)).keyGeneration).toHaveLength(12);
    expect((await api.listMessages(statement, 10)).messages.map(({ cursor }) => cursor)).toEqual([11, 12]);
    expect((await api.listMessagesOf('cosignature', statement, 0)).messages).toEqual([]);
    const ofType = (type: string) => fetch(`${ORIGIN}/api/anonymous/statements/${statement}/messages?type=${type}`);
    const { messages } = messageListShape.parse(await (await ofType('confirm')).json());
    expect(messages.map((one) => 'message' in one && one.message.type)).toEqual(Array(4).fill('confirm'));
    expect((await ofType('all')).status).toBe(400);
    expect(await api.getBoardIndex(statement, 0)).toEqual({ head: 0, segments: [] });
    expect((await api.listGroups()).map(({ id, size }) => [id, size])).toEqual([[group.id, 9]]);
    expect((await api.getGroup(group.id)).rolls).toEqual([group.header]);
    expect(await api.getNames(rollHash(group.header))).toHaveLength(9 * 32);
    expect((await api.getArtifact('manifest.json')).length).toBeGreaterThan(500);
    await expect(api.getArtifact('package.json')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', status: 404 });
    await expect(api.getStatement('cd'.repeat(32))).rejects.toMatchObject({ code: 'UNKNOWN_STATEMENT', status: 404 });
    const { trustees } = (await api.getStatement(statement)).statement.committee;
    const { statements } = await api.listTrusteeStatements(trustees[0]!.key, 0);
    expect(statements.map(({ id }) => id)).toEqual([statement]);
    expect(await api.listTrusteeStatements(trustees[0]!.key, statements[0]!.cursor)).toMatchObject({ statements: [] });
  });
});

it('hands out artifacts that the manifest lists, and no other file of the disk', async () => {
  const artifacts = routes.find(({ pattern }) => pattern.startsWith('/artifacts'));
  for (const path of [['..', '..', 'package.json'], ['..', 'sign.circom'], ['manifest.json', ''], ['']]) {
    const response = await artifacts?.call(new Request(`${ORIGIN}/artifacts/x`), { path });
    expect(response?.status).toBe(404);
  }
});

describe('bad requests', () => {
  const post = (address: string, body: BodyInit, headers: Record<string, string> = {}) =>
    fetchFrom(routes, headers).fetch(address, { method: 'POST', body, duplex: 'half' } as RequestInit);

  it.each([
    ['not JSON', 'no', 'NOT_JSON', 400],
    ['nothing', '', 'NOT_JSON', 400],
    ['null', 'null', 'NOT_JSON', 400],
    ['a fraction', '{"nonce":1.5}', 'NOT_JSON', 400],
    ['a key twice', '{"id":"a","id":"b"}', 'NOT_JSON', 400],
    ['a number where there is none', '7', 'BAD_SHAPE', 400],
    ['a list', '[]', 'BAD_SHAPE', 400],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'NOT_JSON', 400],
  ])('that hold %s get a code of their own and a sentence', async (_, body, code, status) => {
    for (const address of ['/api/anonymous/statements', `/api/anonymous/statements/${statement}/messages`, '/api/anonymous/enrolments']) {
      const response = await post(address, body as BodyInit);
      const error = await errorOf(response);
      expect([error.code, response.status]).toEqual([code, status]);
      expect(error.message).toMatch(/^[A-Z].+\.( \(.+\))?$/);
    }
  });

  it('that are too large are cut off while they come, whatever they say about their length', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const response = await post('/api/anonymous/statements', endless);
    expect([response.status, (await errorOf(response)).code]).toEqual([413, 'BODY_TOO_LARGE']);
    expect(sent).toBeLessThan(1_000_000);
    const honest = await post('/api/anonymous/enrolments', 'x', { 'Content-Length': String(10 * 1024 * 1024) });
    expect(honest.status).toBe(413);
  });

  it('for a cursor that is none are refused', async () => {
    for (const after of ['-1', '1.5', 'x', '', '9'.repeat(40)]) {
      const response = await fetchFrom(routes).fetch(`/api/anonymous/statements/${statement}/board?after=${after}`);
      expect((await errorOf(response)).code).toBe('BAD_QUERY');
    }
    const response = await fetchFrom(routes).fetch('/api/anonymous/statements?before=0x7');
    expect((await errorOf(response)).code).toBe('BAD_QUERY');
  });

  it('of every kind, on every route, never cause a fault of the platform and never show its inside', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));
    const typed = fc
      .record({ type: fc.constantFrom('commit', 'deal', 'entry', 'opening', 'cosignature', 'destroyed', 'roll', 'group-claim') })
      .map((value) => JSON.stringify({ ...value, statement, trustee: 1, number: 2 ** 52, signature: 'ab'.repeat(64) }));
    const body = fc.oneof(json, typed, fc.string(), fc.string({ unit: 'binary' }), fc.constant('['.repeat(5_000)));
    const query = fc.oneof(
      fc.constant(''),
      fc.string().map((text) => `?after=${encodeURIComponent(text)}&before=${encodeURIComponent(text)}`),
    );
    const cookie = await signIn();
    for (const route of routes) {
      for (const method of route.methods) {
        await fc.assert(
          fc.asyncProperty(body, query, fc.constantFrom(...addressesOf(route.pattern)), async (text, search, address) => {
            const { fetch } = fetchFrom(routes, { Origin: ORIGIN, Cookie: cookie });
            const response = await fetch(`${address}${search}`, method === 'GET' ? {} : { method, body: text });
            const answer = await response.text();
            if (response.status >= 500) throw new Error(`${method} ${address}${search} gave ${response.status}`);
            if (response.status >= 400 && !/^\{"error":\{"code":"[A-Z_]+","message":".+"\}\}$/s.test(answer)) throw new Error(answer);
            if (/node_modules|\.ts:|select |postgres/i.test(answer)) throw new Error(answer);
          }),
          { numRuns: 25 },
        );
      }
    }
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });
});
