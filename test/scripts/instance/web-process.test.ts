import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '#db/free-port.ts';
import type { GuardedProcess } from '#db/guarded-process.ts';
import { migrate } from '#db/migrate.ts';
import { buildPages } from '#scripts/instance/build-pages.ts';
import { ownPlatformKeyFile } from '#scripts/instance/own-secrets.ts';
import { startWeb } from '#scripts/instance/web-server.ts';
import { startTestPostgres, type TestDatabase } from '../../support/postgres.ts';
import { type Relay, relayTo } from '../../support/relay.ts';

const NOWHERE = '00'.repeat(32);
const folder = mkdtempSync(path.join(tmpdir(), 'web-process-'));
const log: string[] = [];
let database: TestDatabase;
let relay: Relay;
let port: number;
let metricsPort: number;
let web: GuardedProcess;

const settingsFor = (databaseUrl: string, at: number) => ({
  DATABASE_URL: databaseUrl,
  SESSION_SECRET: 's'.repeat(32),
  PLATFORM_KEY_FILE: ownPlatformKeyFile(folder),
  PUBLIC_URL: `http://localhost:${at}`,
  ACCEPT_DEV_KEYS: '1',
});

beforeAll(async () => {
  await buildPages(() => {}, 'ignore');
  database = await startTestPostgres();
  relay = await relayTo(database.url);
  port = await findFreePort();
  metricsPort = await findFreePort();
  const measured = { ...settingsFor(relay.url, port), METRICS: String(metricsPort) };
  const options = { mode: 'start', listen: { addresses: ['127.0.0.1'], port }, settings: measured } as const;
  web = await startWeb(options, (line) => log.push(line));
}, 600_000);
afterAll(async () => {
  await web?.stop();
  relay?.stop();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/** Any method, also those that `fetch` refuses to send. */
function ask(method: string, address: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path: address, headers, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    sent.on('error', reject).end();
  });
}

const GUARDS = {
  'cache-control': expect.stringContaining('no-transform'),
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'permissions-policy': expect.stringContaining('camera=()'),
  'content-security-policy': expect.stringMatching(/^default-src 'none'; /),
};

describe('every answer of the built server', () => {
  it.each([
    ['a page', 'GET', '/about', 200],
    ['a page that is asked for its head', 'HEAD', '/about', 200],
    ['the page that says what failed, where nothing has', 'GET', '/_global-error', 404],
    ['a page that is not there', 'GET', '/nothing', 404],
    ['a redirect', 'GET', '/about/', 308],
    ['a broken escape', 'GET', '/%E0%A4%A', 404],
    ['a route', 'GET', '/api/anonymous/platform', 200],
    ['the question how it is', 'GET', '/api/health', 200],
    ['a refusal of a route', 'GET', `/api/anonymous/statements/${NOWHERE}`, 404],
    ['a route that is not there', 'GET', '/api/nothing', 404],
    ['a file', 'GET', '/icon.svg', 200],
    ['a script that is not there', 'GET', '/_next/static/nothing.js', 404],
    ['a page that is written to', 'PUT', '/about', 405],
    ['a page that is posted to', 'POST', '/', 405],
    ['a trace', 'TRACE', '/', 405],
    ['a route that is traced', 'TRACE', '/api/anonymous/platform', 405],
    ['a route whose name is written with escapes that no name has', 'POST', '/api/anonymous/statements/%E2%82%AC/signatures', 405],
    ['a route with another method', 'DELETE', `/api/anonymous/statements/${NOWHERE}/signatures`, 405],
    ['a picture of a statement that is not there', 'GET', `/s/${NOWHERE}/opengraph-image`, 404],
    ['a file that is posted to', 'POST', '/_next/static/nothing.js', 405],
    ['a file that is asked for as a picture', 'GET', '/_next/image?url=%2fartifacts%2fmanifest.json&w=640&q=75', 404],
    ['a page with more parameters than are read in a moment', 'GET', `/about?${'a&'.repeat(7_000)}`, 400],
    ['a file with as many of other names', 'GET', `/icon.svg?${Array.from({ length: 200 }, (_, i) => `a${i}=`).join('&')}`, 400],
    ['a page with all that is added to links', 'GET', `/about?${'utm=a&'.repeat(50)}`, 200],
    ['what can be done with a page', 'OPTIONS', '/about', 204],
    ['what can be done at all', 'OPTIONS', '*', 204],
  ])('carries the security headers: %s', async (_, method, address, status) => {
    const answer = await ask(method, address);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(GUARDS);
    if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z, ]+$/);
  });

  it.each([
    ['something is expected of it that it does not know', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: a-miracle', 417],
    ['the request is no HTTP', 'FOO / HTTP/1.1\r\nHost: x', 400],
    ['the request names no host', 'GET /about HTTP/1.1\r\nConnection: close', 400],
    ['the address is longer than any', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x`, 400],
    ['what is asked for is no path', 'GET * HTTP/1.1\r\nHost: x', 400],
    ['it is an address that nobody can read', 'GET http://[eyJzZWNyZXQ HTTP/1.1\r\nHost: x', 400],
    ['what is asked for is of another host', 'GET http://elsewhere.example/about HTTP/1.1\r\nHost: x', 421],
    ['the host that is asked is ours by its header alone', 'GET http://elsewhere.example/ HTTP/1.1\r\nHost: localhost', 421],
    ['the address names a user', 'GET http://localhost@elsewhere.example/ HTTP/1.1\r\nHost: x', 400],
    ['the connection is to become another', 'GET /about HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket', 200],
  ])('carries them where %s', async (_, head, status) => {
    await ask('GET', '/about'); // Next looks after upgrades from its first request on
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write(`${head}\r\n\r\n`);
    const text = String(await once(socket, 'data'));
    socket.destroy();
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    for (const name of Object.keys(GUARDS)) expect(text.toLowerCase()).toContain(`${name}: `);
    expect(text).toContain('no-transform');
  });

  it('is the same for a whole address of this site as for its path, whatever host the header names', async () => {
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`]) {
      expect(await ask('GET', `http://${host}/api/health`, { Host: 'elsewhere.example' })).toMatchObject({ status: 200 });
      expect((await ask('GET', `http://${host}/api/anonymous/platform?x=1`)).body).toContain('"verificationKey"');
      expect((await ask('GET', `http://${host}`)).body).toContain('</html>');
    }
    expect(await ask('GET', `http://localhost:${port}?before=x`)).toMatchObject({ status: 200 });
    expect(await ask('POST', `http://localhost:${port}/about`)).toMatchObject({ status: 405 });
    expect(await ask('GET', `http://localhost:${port + 1}/about`)).toMatchObject({ status: 421 });
    expect(await ask('GET', `ftp://localhost:${port}/about`)).toMatchObject({ status: 400 });
  });

  it('leaves nothing in the log of an address that cannot be read, nor of one with a broken escape', async () => {
    log.length = 0;
    for (const target of ['http://[eyJzZWNyZXQ', '//eyJzZWNyZXQ[', '/verifier/%eyJzZWNyZXQ']) await ask('GET', target);
    await ask('GET', '/about');
    expect(log).toEqual([]);
  });

  it('has nothing of what the process counts, which stands on a port of this machine alone', async () => {
    expect(await ask('GET', '/metrics')).toMatchObject({ status: 404 });
    const counted = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    expect([counted.status, counted.headers.get('Content-Type')]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(await counted.text()).toContain('\nroundrobin_statements{standing="open"} 0\n');
  });

  it.each(['/api/anonymous/challenges', `/api/anonymous/statements/${NOWHERE}/messages`, '/api/ceremony/place'])(
    'leaves the connection ready for the next request, also where it has not read what was sent along: %s',
    async (address) => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      const body = 'x'.repeat(1_000_000);
      const head = `POST ${address} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked`;
      socket.write(`${head}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\nGET /icon.svg HTTP/1.1\r\nHost: x\r\n\r\n`);
      let text = '';
      socket.on('data', (piece) => {
        text += piece;
      });
      await expect
        .poll(() => text.match(/^HTTP\/1\.1 \d+/gm), { timeout: 10_000 })
        .toEqual([expect.stringMatching(/ 4\d\d$/), 'HTTP/1.1 200']);
      socket.destroy();
    },
  );

  it('ends the connection where what was sent along does not come', async () => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write('POST /api/ceremony/place HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{');
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 4\d\d /);
    await once(socket, 'close'); // Node alone would wait for five minutes
  }, 20_000);

  it('is whole, whatever part of a file is asked for, or on what condition', async () => {
    const whole = await ask('GET', '/icon.svg');
    const conditions = { 'If-Match': '"another"', 'If-Unmodified-Since': 'Fri, 01 Jan 1990 00:00:00 GMT' };
    for (const headers of [{ Range: 'bytes=900000-' }, { Range: 'bytes=0-5' }, conditions])
      expect(await ask('GET', '/icon.svg', headers)).toMatchObject({ status: 200, body: whole.body });
  });

  it.each(['x', '', '{}', '%E0%A4%A'])('is a page also for a router that cannot say where it is: “%s”', async (state) => {
    log.length = 0;
    const headers = { RSC: '1', 'Next-Router-State-Tree': state };
    const { headers: given } = await ask('GET', '/about', headers);
    const { pathname, search } = new URL(String(given.location), 'http://x'); // Next wants a mark of these headers in the address
    expect(await ask('GET', pathname + search, headers)).toMatchObject({ status: 200, headers: GUARDS });
    expect(log).toEqual([]);
  });

  it.each([
    ['/about', 'GET, HEAD, OPTIONS'],
    ['/api/anonymous/platform', 'GET, HEAD, OPTIONS'],
    [`/api/anonymous/statements/${NOWHERE}/signatures`, 'POST, OPTIONS'],
    ['/api/anonymous/statements', 'GET, HEAD, POST, OPTIONS'],
    ['/api/ceremony/place/begin', 'POST, OPTIONS'],
    ['/api/ceremony/files/keys/0001.zkey', 'GET, HEAD, OPTIONS'],
  ])('that refuses a method names those that %s takes', async (address, methods) => {
    for (const method of ['PATCH', 'OPTIONS'])
      expect((await ask(method, address)).headers.allow?.toString().split(', ').sort()).toEqual(methods.split(', ').sort());
  });
});

describe('a database that does not answer', () => {
  const PAGE_AND_ROUTE = ['/', `/s/${NOWHERE}`, '/api/anonymous/groups', `/api/anonymous/statements/${NOWHERE}`];
  const statuses = () => Promise.all(PAGE_AND_ROUTE.map(async (address) => (await ask('GET', address)).status));

  it.each(['hang', 'cut'] as const)(
    'is told as 503 with a time to come back, by pages and routes alike (%s), until it is back',
    async (way) => {
      await expect.poll(statuses, { timeout: 60_000 }).toEqual([200, 404, 200, 404]);
      relay[way]();
      await expect.poll(statuses, { timeout: 60_000 }).toEqual([503, 503, 503, 503]);
      for (const address of PAGE_AND_ROUTE) {
        const { headers, body } = await ask('GET', address);
        expect(headers).toMatchObject({
          ...GUARDS,
          'retry-after': expect.stringMatching(/^[1-9]\d?$/),
          'cache-control': 'no-store, no-transform',
        });
        if (address.startsWith('/api/')) expect(JSON.parse(body)).toMatchObject({ error: { code: 'UNAVAILABLE' } });
        else expect(body).toContain('Nothing was lost');
      }
      expect((await ask('GET', '/icon.svg')).status).toBe(200);
      const health = await ask('GET', '/api/health');
      expect([health.status, JSON.parse(health.body)]).toEqual([503, { live: true, ready: false }]);
      await relay.heal();
      await expect.poll(statuses, { timeout: 60_000 }).toEqual([200, 404, 200, 404]);
    },
  );

  it('is told as 503 also by what was begun when it still answered', async () => {
    await expect.poll(statuses, { timeout: 60_000 }).toEqual([200, 404, 200, 404]);
    relay.cut(); // it was asked a moment ago
    for (const address of PAGE_AND_ROUTE) {
      const { status, headers, body } = await ask('GET', address);
      expect(status, address).toBe(503);
      expect(headers).toMatchObject({ ...GUARDS, 'retry-after': expect.stringMatching(/^[1-9]\d?$/) });
      expect(body).toContain(address.startsWith('/api/') ? 'UNAVAILABLE' : 'Nothing was lost');
    }
    await relay.heal();
    await expect.poll(statuses, { timeout: 60_000 }).toEqual([200, 404, 200, 404]);
  });

  it('is told as 503 by pages as by routes where it answers, but not what they ask', async () => {
    await expect.poll(statuses, { timeout: 60_000 }).toEqual([200, 404, 200, 404]);
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    await sql.unsafe(`create function board.fail() returns boolean stable language plpgsql as
      $$ begin raise exception using errcode = '53200'; end $$`); // out of memory, as one query may be
    await sql.unsafe('alter table board.statements rename to mislaid');
    await sql.unsafe('create view board.statements as select * from board.mislaid where board.fail()');
    const made = [`/s/${NOWHERE}/embed`, `/s/${NOWHERE}/opengraph-image`, `/api/anonymous/statements/${NOWHERE}`];
    for (const address of ['/', '/statements', `/s/${NOWHERE}`, ...made]) {
      const { status, headers, body } = await ask('GET', address);
      expect(status, address).toBe(503);
      const sharing = address.endsWith('/embed') ? 'cross-origin' : 'same-origin';
      const guards = { ...GUARDS, 'cross-origin-resource-policy': sharing };
      expect(headers).toMatchObject({ ...guards, 'retry-after': expect.stringMatching(/^[1-9]\d?$/) });
      expect(body).toMatch(/UNAVAILABLE|Nothing was lost/); // a picture is a route, too
    }
    await sql.unsafe('drop view board.statements; alter table board.mislaid rename to statements; drop function board.fail()');
    await sql.end();
    expect(await statuses()).toEqual([200, 404, 200, 404]);
  });

  it('leaves nothing of statements and parameters in the log, where a page fails of it and where a route does', async () => {
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    await sql.unsafe('alter table board.statements rename to mislaid');
    const secret = 'ab'.repeat(32);
    log.length = 0;
    const page = await ask('GET', `/s/${secret}`);
    expect(page.status).toBe(500);
    expect(page.headers).toMatchObject(GUARDS);
    const route = await ask('GET', `/api/anonymous/statements/${secret}`);
    expect([route.status, JSON.parse(route.body).error.code]).toEqual([500, 'INTERNAL']);
    await sql.unsafe('alter table board.mislaid rename to statements');
    await sql.end();
    await expect.poll(() => log.filter((line) => line.includes('42P01')).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect(log.join('\n')).not.toMatch(/select|from "|Failed query|params|mislaid/i);
    expect(`${log.join('\n')}${page.body}${route.body}`).not.toContain(`\\x${secret}`);
  });
});

describe('two web servers', () => {
  it('on one port: the second ends with the reason, and does not take the answers of the first for its own', async () => {
    const words: string[] = [];
    const options = { mode: 'start', listen: { addresses: ['127.0.0.1'], port }, settings: settingsFor(database.url, port) } as const;
    await expect(startWeb(options, (line) => words.push(line))).rejects.toThrow(/ended at once \(exit 1\)/);
    expect(words.join('\n')).toContain(`Another program listens on port ${port} of 127.0.0.1`);
  });
});

describe('a web server whose parent was killed', () => {
  it('ends, though a request is stalled', async () => {
    const at = await findFreePort();
    await migrate(database.url);
    const settings = settingsFor(database.url, at);
    const code = `import { startWeb } from ${JSON.stringify(path.resolve('scripts/instance/web-server.ts'))};
      const options = { mode: 'start', listen: { addresses: ['127.0.0.1'], port: ${at} }, settings: ${JSON.stringify(settings)} };
      const web = await startWeb(options, () => {});
      console.log(web.child.pid);`;
    const parent: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!parent.stdout) throw new Error('nothing can be read');
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const stalled = connect(at, '127.0.0.1').on('error', () => {});
    stalled.write(`POST /api/anonymous/statements HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n{`);
    await once(stalled, 'connect');
    parent.kill('SIGKILL');
    // The guard leads a group of its own, in which every part of the web server is.
    await expect.poll(() => groupIsThere(Number(line)), { timeout: 60_000, interval: 500 }).toBe(false);
  });
});

function groupIsThere(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
