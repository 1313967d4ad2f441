import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import { describeApi } from '#lib/api/openapi.ts';
import { type CommitteeWish, signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { openPilots, PILOTS_SEED } from '../support/pilots.ts';
import { type OpenStatement, prepareStatement, publishAndCosign, signOn, startPlatform, type TestPlatform } from '../support/platform.ts';
import { permitOnce } from '../support/recorded-entries.ts';
import { mixWave, openingOf } from '../support/reveal.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { systemRandom, type TestGroup } from '../support/world.ts';

const document = describeApi();
type Operation = { responses: Record<string, { content: Record<string, unknown> }> };
const paths = document.paths as Record<string, Record<string, Operation>>;

let platform: TestPlatform;
let routes: Route[];
let group: TestGroup;
let open: OpenStatement;

beforeAll(async () => {
  platform = await startPlatform({ seed: PILOTS_SEED });
  ({ group, open } = await openPilots(platform));
  connectRoutes(platform);
  routes = await loadRoutes();
});
afterAll(() => platform?.stop());

const ajv = new Ajv2020({ strict: false, formats: { uri: true } });
ajv.addSchema(document, 'document');

/** Where an answer does not fit what the document says of it; its operation, its status and what is wrong otherwise. */
async function judge(method: string, pathname: string, response: Response): Promise<{ operation: string; fault: string | null }> {
  const [path] = Object.keys(paths).filter((one) => new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname));
  const operation = `${method} ${path}`;
  const described = paths[path as string]?.[method.toLowerCase()]?.responses;
  const status = response.ok ? String(response.status) : 'default';
  const type = response.headers.get('Content-Type')?.split(';')[0] as string;
  if (!described?.[status]?.content[type]) return { operation, fault: `${status} ${type} is not described` };
  if (type !== 'application/json') {
    await response.arrayBuffer();
    return { operation, fault: null };
  }
  const pointer = ['paths', path as string, method.toLowerCase(), 'responses', status, 'content', type, 'schema'];
  const ref = `document#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  const fits = ajv.compile({ $ref: ref });
  return { operation, fault: fits(await response.json()) ? null : ajv.errorsText(fits.errors) };
}

describe('the API as OpenAPI describes it', () => {
  it('is served as a document that a validator of the ecosystem accepts', async () => {
    const response = await fetchFrom(routes).fetch('/api/openapi.json');
    const served = (await response.json()) as Record<string, unknown>;
    expect(served).toEqual(JSON.parse(JSON.stringify(document)));
    const result = await new Validator().validate(structuredClone(served));
    expect([result.valid, result.errors]).toEqual([true, undefined]);
    const refs = new Set([...JSON.stringify(served).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref as string));
    expect(refs.size).toBeGreaterThan(25);
    for (const ref of refs) expect(Object.keys(document.components.schemas)).toContain(ref.replace('#/components/schemas/', ''));
  });

  it('has every anonymous route with its methods, and no others', () => {
    const described = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    const served = routes
      .filter(({ pattern }) => pattern.startsWith('/api/anonymous/'))
      .flatMap(({ pattern, methods }) => methods.map((method) => `${method.toLowerCase()} ${pattern.replace(/\[(\w+)\]/g, '{$1}')}`));
    expect(described.sort()).toEqual(served.sort());
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods) as unknown as { operationId: string }[]);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(described.length);
  });

  it('is what the routes answer, in a statement’s life from its opening to its names', async () => {
    const seen = new Map<string, boolean>();
    const { fetch } = fetchFrom(routes);
    const judged = async (input: string, init?: RequestInit): Promise<Response> => {
      const response = await fetch(input, init);
      const { operation, fault } = await judge(init?.method ?? 'GET', new URL(input, ORIGIN).pathname, response.clone());
      expect([operation, fault]).toEqual([operation, null]);
      seen.set(operation, response.ok || (seen.get(operation) ?? false));
      return response;
    };
    const api = createApi(ORIGIN, judged);
    const { id, statement } = open.context;
    const root = `${ORIGIN}/api/anonymous`;

    await api.getPlatform();
    const { context } = prepareStatement(platform, [group], { count: 2 });
    await api.openStatement({ statement: context.statement, permit: await permitOnce(context, group, 4, platform.clock.now) });
    await judged(`${root}/statements/${id}/names`); // refused: none is open
    for (const member of [3, 0, 1]) {
      await api.postSignature(id, { entry: await signOn(open, group, member), salt: createListingSalt(systemRandom) });
      platform.clock.now += 5;
      await publishAndCosign(platform, open, [1, 2, 3]);
    }
    const { setting, chain } = await mixWave(platform, open, [2, 4]);
    const reader = { context: open.context, trustee: 1, seed: open.committee.seeds[0]! };
    const ask = (wish: CommitteeWish) => signCommitteeRequest(reader, wish, platform.clock.now);
    await api.readSealedBoard(id, ask({ want: 'board', after: 0 }));
    await api.readMessages(id, ask({ want: 'messages', after: 0 }));
    await api.readPermit(id, ask({ want: 'permit' }));
    await api.readCapsules(id, ask({ want: 'capsules', roll: rollHash(group.header) }));
    for (const trustee of [1, 4]) {
      await api.listMessages(id, 0);
      await api.postMessage(id, openingOf(open, setting, chain, trustee));
    }
    await api.listMessages(id, 0);
    const { segments } = await api.getBoardIndex(id, 0);
    await api.getSegment(id, segments[0]!);
    await api.getStatement(id);
    await api.listStatements();
    await api.listTrusteeStatements(statement.committee.trustees[0]!.key, 0);
    await api.listGroups();
    await api.listEndedKeys();
    await api.getGroup(group.id);
    await api.getPolicies(group.id);
    await api.listChallenges(group.id);
    await api.getRoll(rollHash(group.header));
    await api.getLeaves(rollHash(group.header));
    await api.getNames(rollHash(group.header));
    for (const rest of ['record', 'names', 'names/csv', 'calendar']) await judged(`${root}/statements/${id}/${rest}`);
    await judged(`${root}/moderation?after=0`);
    await judged(`${root}/feeds/revealed?group=${group.id}`);
    await judged(`${root}/challenges/${id}`);
    for (const rest of ['enrolments', 'challenges', `challenges/${id}/answers`, `challenges/${id}/inbox`])
      await judged(`${root}/${rest}`, { method: 'POST', body: '{}' });

    const refusedOnly = [...seen].filter(([, isAnswered]) => !isAnswered).map(([operation]) => operation.replace('/api/anonymous/', ''));
    expect(refusedOnly.sort()).toEqual([
      'GET challenges/{id}',
      'POST challenges',
      'POST challenges/{id}/answers',
      'POST challenges/{id}/inbox',
      'POST enrolments',
    ]);
    expect(seen.size).toBe(Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0));
  });

  it('tells an answer that it does not describe', async () => {
    const wrong: [string, unknown][] = [
      ['/api/anonymous/platform', {}],
      ['/api/anonymous/groups', { groups: [], more: 1 }],
      [`/api/anonymous/statements/${open.context.id}/names`, { statement: open.context.id, groups: [], names: [{ name: 'Ann' }] }],
    ];
    for (const [path, answer] of wrong) expect((await judge('GET', path, Response.json(answer))).fault).toMatch(/^data/);
    const { statement } = open.context;
    const fits = ajv.compile({ $ref: 'document#/components/schemas/Statement' });
    expect([fits(statement), fits({ ...statement, trigger: { all: [{ any: [{}] }] } })]).toEqual([true, false]);
  });
});
