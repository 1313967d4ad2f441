import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '#db/moderation.ts';
import { createApi } from '#lib/api/client.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { MOST_MEMBERS } from '#lib/protocol/statement/statement.ts';
import { LARGEST } from '#lib/server/http/body.ts';
import { ITEM_BYTES } from '#lib/server/messages/largest-message.ts';
import { PROXIES } from '#scripts/proxy/proxies.ts';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { makeJunk } from '../support/junk.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishGroup,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { readAnswer, VISITOR, type VisitedProxy, visitProxy } from '../support/proxies.ts';
import { type Relay, relayTo } from '../support/relay.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

/** More than wait in the queue of a platform. */
const FLOOD = 700;
const MIB = 1024 * 1024;

describe('the server as it is built', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let server: BuiltServer;
  beforeAll(async () => {
    platform = await startPlatform({ seed: 'built server' });
    group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
    server = await startBuiltServer(platform, {
      operator: { contact: 'law@harbour.example', imprint: 'Harbour Petitions e.V.\nQuay 7\n<b>Bergen</b>\n' },
    });
  }, 600_000);
  afterAll(async () => {
    await server?.stop();
    await platform?.stop();
  });

  it('under a flood of junk turns it away as busy or false, and lets a signer through who does some work', async () => {
    const post = (body: unknown) =>
      fetch(`${server.origin}/api/anonymous/statements/${open.context.id}/signatures`, { method: 'POST', body: JSON.stringify(body) });
    const entry = await signOn(open, group, 0);
    const salt = createListingSalt(systemRandom);
    const sendJunk = (times: number) =>
      Array.from({ length: times * FLOOD }, () => post(makeJunk(open.context.id, group.id)).then(({ status }) => status));
    const flood = sendJunk(1);
    const receipt = await createApi(server.origin, fetch).postSignature(open.context.id, { entry, salt });
    expect(receipt.action).toBe('sign');
    const statuses = new Set(await Promise.all(flood));
    // A machine with other things to do sends junk no faster than it is judged: then more of it comes at once.
    for (let times = 2; times <= 5 && !statuses.has(503); times++)
      for (const status of await Promise.all(sendJunk(times))) statuses.add(status);
    expect(statuses).toEqual(new Set([400, 503]));
    expect(server.log.join('\n')).not.toContain('Internal error');
  });

  it('answers a step that nobody has signed by its first line, without waiting for its lists', async () => {
    const sending = request(`${server.origin}${messagesPath()}`, { method: 'POST' });
    expect(await sendFirstLine(sending)).toMatchObject({ error: { code: 'TRUSTEE_SIGNATURE' } });
    sending.destroy();
  });

  it('shows of what is hidden no text on any page, frame or picture, but the reason, and who runs it on every page', async () => {
    const { id } = open.context;
    const title = open.context.statement.text[0]!.title;
    const read = async (address: string) => {
      const response = await fetch(server.origin + address);
      expect([address, response.status]).toEqual([address, 200]);
      return response.text();
    };
    const pages = ['', '/sign', '/withdraw', '/receipt', '/check', '/embed'].map((page) => `/s/${id}${page}`);
    expect(await read(`/s/${id}`)).toContain(title);
    const shown = await read(`/s/${id}/opengraph-image`);
    const act = { reason: 'It names a private person.' };
    await decide(platform.ctx.db, { ...act, action: 'hide', subject: id }, platform.ctx.now());
    await decide(platform.ctx.db, { ...act, action: 'hide', subject: group.id }, platform.ctx.now());
    for (const page of [...pages, '/', '/statements', '/statements?search=fair']) expect(await read(page), page).not.toContain(title);
    for (const page of [`/s/${id}`, `/s/${id}/sign`, `/groups/${group.id}`, '/moderation'])
      expect(await read(page), page).toContain('It names a private person.');
    for (const page of [`/groups/${group.id}`, '/groups', `/statements?group=${group.id}`, `/issuers/${group.header.group.issuer}`])
      expect(await read(page), page).not.toContain('Harbour pilots');
    expect(await read(`/s/${id}`)).toMatch(/Take your signature back[\s\S]*Download the record/);
    expect(await read(`/s/${id}/opengraph-image`)).not.toBe(shown);
    expect(await read('/moderation')).toContain('law@harbour.example');
    expect(await read('/imprint')).toMatch(/Harbour Petitions e\.V\.\nQuay 7\n&lt;b&gt;Bergen/);
    for (const subject of [id, group.id]) await decide(platform.ctx.db, { ...act, action: 'show', subject }, platform.ctx.now());
    expect(await read(`/s/${id}`)).toContain(title);
  });

  it('says what is not there with its own code and status, in routes and pages', async () => {
    const none = '0'.repeat(64);
    expect((await fetch(`${server.origin}/api/anonymous/statements/${none}`)).status).toBe(404);
    const long = await fetch(`${server.origin}/statements?search=${'pay '.repeat(60)}`);
    expect([long.status, await long.text()]).toEqual([200, expect.stringContaining('Only the first 100 characters')]);
    for (const page of [`/s/${none}`, `/groups/${none}`, '/statements?before=x'])
      expect((await fetch(server.origin + page)).status).toBe(404);
    expect(server.log.join('\n')).not.toContain('Internal error');
  });

  const messagesPath = () => `/api/anonymous/statements/${open.context.id}/messages`;

  /** Sends a step that nobody has signed, and nothing after its first line. */
  async function sendFirstLine(sending: ClientRequest): Promise<unknown> {
    const hash = 'ab'.repeat(32);
    const place = { wave: 1, content: hash, step: 1, previous: hash, lists: [{ group: group.id, list: hash }] };
    const mix = { type: 'mix', statement: open.context.id, trustee: 1, ...place, signature: 'ab'.repeat(64) };
    const answer = once(sending, 'response');
    sending.write(`${canonicalJson(mix)}\n{"type":"mix-list"`);
    const [response] = (await answer) as [IncomingMessage];
    return JSON.parse((await response.toArray()).join(''));
  }

  for (const proxy of PROXIES)
    describe(`behind ${proxy.name}, as in deploy/ (skipped where it or openssl is not installed)`, { skip: !proxy.program }, () => {
      let relay: Relay;
      let running: VisitedProxy;
      beforeAll(async () => {
        relay = await relayTo(server.origin);
        running = await visitProxy(proxy, relay.url);
      });
      afterAll(async () => {
        await running?.stop();
        relay?.stop();
      });
      const timesHeard = (text: string) => relay.heard().split(text).length - 1;

      it('is reached by its name alone, over TLS', async () => {
        expect((await running.ask('/api/health')).status).toBe(200);
        await expect(running.ask('/', { servername: 'other.example' })).rejects.toThrow();
        await expect(running.ask('/', { maxVersion: 'TLSv1.2' })).rejects.toThrow();
      });

      it('comes out as it was made: bytes, caching and what protects', async () => {
        const headers = { 'Accept-Encoding': 'gzip, br' };
        const kept = ['cache-control', 'content-encoding', 'content-type', 'x-content-type-options', 'strict-transport-security'];
        for (const place of ['/', '/about', '/api/openapi.json', '/artifacts/manifest.json', `/s/${open.context.id}/embed`, '/nothing']) {
          const [near, far] = [await running.ask(place, { headers }), await readAnswer(request(server.origin + place, { headers }).end())];
          const essence = (answer: typeof near) => [place, answer.status, ...kept.map((name) => answer.headers[name])];
          expect(essence(near)).toEqual(essence(far));
          expect(near.headers['cache-control'], place).toContain('no-transform');
          if (/json$|embed$/.test(place)) expect(near.body).toBe(far.body);
        }
      });

      it('keeps what the answer lets everybody keep, and nothing else', async () => {
        const roll = `/api/anonymous/rolls/${rollHash(group.header)}/leaves`;
        const isCache = proxy.name === 'nginx';
        for (const [place, isKept] of [
          [roll, isCache],
          ['/api/openapi.json', isCache],
          ['/api/anonymous/platform', false],
          ['/statements', false],
        ] as const) {
          const before = timesHeard(`GET ${place} `);
          for (const headers of [{}, {}, { 'Cache-Control': 'no-cache' }])
            expect((await running.ask(place, { headers })).status, place).toBe(200);
          expect([place, timesHeard(`GET ${place} `) - before > 1]).toEqual([place, !isKept]);
        }
      });

      it('lets go of an idle connection before the server does, so that no request crosses its end', async () => {
        const { headers } = await readAnswer(request(`${server.origin}/api/health`, { headers: { Connection: 'keep-alive' } }).end());
        const promised = Number(/^timeout=(\d+)$/.exec(String(headers['keep-alive']))?.[1]);
        const upstream = readFileSync(proxy.kind.example, 'utf8').match(
          /(?<=keepalive 32;\s+keepalive_timeout |\bkeepalive )(\d+)(?=s)/,
        )?.[0];
        expect(Number(upstream)).toBeLessThan(promised - 10);
      });

      it('takes as much as the server does, and hands on what comes before all has come', async () => {
        const sending = running.begin(messagesPath(), { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } });
        expect(await sendFirstLine(sending)).toMatchObject({ error: { code: 'TRUSTEE_SIGNATURE' } });
        sending.destroy();
        const limits = [...readFileSync(proxy.kind.example, 'utf8').matchAll(/(?:client_max_body_size|max_size) (\d+)(?:m|MiB)\b/g)];
        const [most = 0, usual = 0] = limits.map(([, number]) => Number(number) * MIB).sort((a, b) => b - a);
        expect(usual).toBe(LARGEST.roll + LARGEST.capsules);
        expect(most).toBeGreaterThanOrEqual(LARGEST.message + ITEM_BYTES.mix * MOST_MEMBERS);
        const tooLong = { method: 'POST', headers: { 'Content-Length': usual + 1 } };
        const refused = running.begin('/api/anonymous/enrolments', tooLong);
        refused.flushHeaders();
        expect((await readAnswer(refused)).status).toBe(413);
        refused.destroy();
      });

      it('neither writes down nor hands on where a visitor comes from, also when the platform is away', async () => {
        const claims = {
          'X-Forwarded-For': VISITOR,
          'X-Real-IP': VISITOR,
          Forwarded: `for=${VISITOR}`,
          'X-Forwarded-Host': 'other.example',
        };
        expect((await running.ask('/about', { headers: claims })).status).toBe(200);
        expect(relay.heard()).not.toMatch(new RegExp(`${VISITOR}|other\\.example`));
        relay.cut();
        const away = await running.ask('/api/anonymous/platform', { headers: claims });
        expect([away.status, Number(away.headers['retry-after'])]).toEqual([503, 5]);
        expect(JSON.parse(away.body)).toMatchObject({ error: { code: 'UNAVAILABLE' } });
        expect((await running.ask('/')).body).toContain('Nothing is lost');
        await relay.heal();
        expect((await running.ask('/api/health')).status).toBe(200);
        expect(running.written()).not.toContain(VISITOR);
      });
    });
});
