import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import { listBodies } from '../signing/signed-board.ts';
import { type Stage, setStage } from '../signing/stage.ts';
import { answerBoard } from '../support/board-answers.ts';
import { type BrowserLab, openBrowserLab } from './serve.ts';

let lab: BrowserLab;
let page: Page;
let platform: Server;
let origin: string;
let board: ListedCheckpoint[];
let stage: Stage;
let asked: { path: string; headers: IncomingHttpHeaders }[];

/** A platform of another origin than the page, with the caching of the real one. */
beforeAll(async () => {
  stage = await setStage();
  const empty = Array.from({ length: 201 }, () => []);
  board = listBodies(stage, empty, 1_800_002_000);
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

const read = (script: string) =>
  page.evaluate(
    `(async ({ id, statement, sizes, transcript }) => {
      const { createApi } = await import('/lib/api/client.ts');
      const { readPublicBoard } = await import('/lib/signing/read-board.ts');
      const api = createApi('${origin}', (input, init) => fetch(input, init));
      ${script}
    })(${JSON.stringify({ id: stage.context.id, statement: stage.context.statement, sizes: [...stage.context.sizes], transcript: stage.ceremony.keyed.transcript })})`,
  );
/** Reads the board as a signer's page does, and says how many checkpoints came. */
const readAll = () =>
  read('return (await readPublicBoard(api, { id, statement, sizes: new Map(sizes) }, { transcript }, () => {})).value?.head.number;');
/** Which segments the platform was asked for, by their first checkpoint. */
const segments = () => asked.flatMap(({ path }) => path.match(/^\/(\d+)\//)?.[1] ?? []);

it('a browser fetches a whole segment of a board once, without cookie and referrer, and keeps nothing of the last range', async () => {
  expect(await readAll()).toBe(201);
  expect(segments()).toEqual(['1', '201']);
  for (const { headers } of asked) expect([headers.cookie, headers.referer]).toEqual([undefined, undefined]);
  asked = [];
  await page.reload();
  expect(await readAll()).toBe(201);
  expect(segments()).toEqual(['201']);
});

it('a browser passes over its cache when it is told to', async () => {
  const first = `const { segments } = await api.getBoardIndex(id, 0); const ask = (options) => api.getSegment(id, segments[0], options);`;
  await read(`${first} await ask({}); await ask({});`);
  expect(segments().length).toBeLessThanOrEqual(1);
  asked = [];
  expect(await read(`${first} return (await ask({ cache: 'reload' })).length;`)).toBe(200);
  expect(segments()).toEqual(['1']);
});
