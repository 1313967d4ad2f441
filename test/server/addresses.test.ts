import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishGroup,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, systemRandom } from '../support/world.ts';

type Answer = { status: number; caching: string; type: string; text: string };

/** Asks for an address as it is spelt: `fetch` would mend some of them. */
function ask(origin: string, path: string): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      const { 'cache-control': caching = '', 'content-type': type = '' } = response.headers;
      response.on('end', () => resolve({ status: response.statusCode ?? 0, caching, type, text }));
    }).on('error', reject);
  });
}

describe('every address of the server as it is built', () => {
  let platform: TestPlatform;
  let server: BuiltServer;
  let open: OpenStatement;
  beforeAll(async () => {
    platform = await startPlatform();
    const group = createGroup('Harbour pilots', inventNames(8), systemRandom);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
    server = await startBuiltServer(platform);
  }, 600_000);
  afterAll(async () => {
    await server?.stop();
    await platform?.stop();
  });

  it.each(['%', '%E0%A4%A', '%ff', '%c0%80', 'a%2', '%zz', '%00%f0'])(
    'with the escape %s leads to a page, or an answer in JSON, that says so',
    async (broken) => {
      const pages = ['/', '/s/', '/groups/', '/s/x/sign/', '/verifier/', '/issuer/groups/', '/nothing/'];
      for (const place of [...pages.map((page) => page + broken), `/s/${broken}/opengraph-image`]) {
        const { status, type, text } = await ask(server.origin, place);
        expect([status, type], place).toEqual([404, 'text/html; charset=utf-8']);
        expect(text, place).toContain('There is nothing at this address');
      }
      for (const place of ['/api/anonymous/statements/', '/api/ceremony/files/', '/api/issuer/groups/', '/artifacts/']) {
        const { status, type, text } = await ask(server.origin, place + broken);
        expect([status, type], place).toEqual([400, 'application/json']);
        expect(JSON.parse(text), place).toMatchObject({ error: { code: 'BAD_ADDRESS' } });
      }
      expect((await ask(server.origin, `/_next/static/${broken}`)).status).toBe(404);
      for (const place of ['/?', '/statements?before=', '/join?%=', '/api/anonymous/statements?after=', '/api/anonymous/platform?%='])
        expect((await ask(server.origin, place + broken)).status, place).toBeLessThan(500);
    },
  );

  it('answers so that nothing on the way may change what it says', async () => {
    const script = /\/_next\/static\/[^"]+\.js/.exec((await ask(server.origin, '/')).text)?.[0] as string;
    const statement = `/api/anonymous/statements/${open.context.id}`;
    const manifest = '/artifacts/manifest.json';
    const found = ['/', `/s/${open.context.id}`, '/statements', '/join', script, '/icon.svg', statement, `${statement}/record`, manifest];
    for (const place of found) {
      const { status, caching } = await ask(server.origin, place);
      expect([place, status, caching]).toEqual([place, 200, expect.stringContaining('no-transform')]);
    }
    for (const place of ['/nothing', '/s/%ff', `/s/${'0'.repeat(64)}`, '/api/anonymous/statements/none', '/artifacts/none']) {
      const { status, caching } = await ask(server.origin, place);
      expect([place, status, caching]).toEqual([place, 404, expect.stringContaining('no-store, no-transform')]);
    }
  });

  it('says nothing of that in its log', () => {
    expect(server.log.join('\n')).not.toMatch(/error/i);
  });
});
