import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { BoardCheckpoint } from '../../lib/api/shapes.ts';
import { setStage } from '../signing/stage.ts';
import { answerBoard, shownPart } from '../support/board-answers.ts';
import { publish } from '../support/record-parts.ts';
import { type BrowserLab, openBrowserLab } from './serve.ts';

let lab: BrowserLab;
let page: Page;
let platform: Server;
let origin: string;
let board: BoardCheckpoint[];
let asked: { path: string; headers: IncomingHttpHeaders }[];

/** A platform of another origin than the page, with the caching of the real one. */
beforeAll(async () => {
  const stage = await setStage();
  const empty = Array.from({ length: 201 }, () => []);
  board = publish(stage.context, stage.ceremony.keyed, empty, 1_800_002_000).map(shownPart);
  platform = createServer((request, response) => {
    asked.push({ path: (request.url ?? '').split('/board')[1] ?? '', headers: request.headers });
    const caching = request.url?.includes('?') ? 'public, max-age=2' : 'public, max-age=3600, immutable, must-revalidate';
    response.writeHead(200, { 'Cache-Control': caching, 'Access-Control-Allow-Origin': '*', 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answerBoard(board, request.url ?? '')));
  });
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`;
  lab = await openBrowserLab();
  page = await lab.open();
});
afterAll(async () => {
  await lab?.close();
  platform?.close();
});
beforeEach(() => {
  asked = [];
});

/** Reads the index and all segments, as a signer's page does, and says how many checkpoints came. */
const readAll = (options = '{}') =>
  page.evaluate(`(async () => {
    const { createApi } = await import('/lib/api/client.ts');
    const api = createApi('${origin}', (input, init) => fetch(input, init));
    const { segments } = await api.getBoardIndex('ab', 0);
    const parts = await Promise.all(segments.map((range) => api.getSegment('ab', range, ${options})));
    return parts.flat().length;
  })()`);
const segments = () => asked.filter(({ path }) => !path.startsWith('?'));

it('a browser fetches each segment of a board once, without cookie and referrer, and again only when told to pass over its cache', async () => {
  expect(await readAll()).toBe(201);
  expect([asked.length, segments().length]).toEqual([3, 2]);
  for (const { headers } of asked)
    expect([headers.cookie, headers.referer, headers['cache-control']]).toEqual([undefined, undefined, undefined]);
  asked = [];
  await page.reload();
  expect(await readAll()).toBe(201);
  expect(segments()).toEqual([]);
  expect(await readAll('{ reload: true }')).toBe(201);
  expect(segments()).toHaveLength(2);
});
