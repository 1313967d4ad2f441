import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { takePart } from '#lib/browser/ceremony-turn.ts';
import type { ContributeTask } from '#lib/browser/ceremony-worker.ts';
import type { JobRequest } from '#lib/room/jobs.ts';

const HEX = 'ab'.repeat(32);
/** The device is two days ahead: it may lie behind the moment of the beacon already, and the ceremony does not. */
const AHEAD = 2 * 86_400;
const now = Math.floor(Date.now() / 1000);
const asked: ContributeTask[] = [];
/** What the worker has made, and its fault where that is null. */
let made: object | null = null;
/** What the site says of the place, one after the other; the last again and again. */
let standings: object[] = [];
let kept: string | null = null;

const ANSWERS: Record<string, unknown> = {
  '/api/ceremony': {
    ceremony: HEX,
    title: 'T',
    setup: 'dev',
    constraints: 8,
    beacon: 'B',
    contributions: [{ position: 1, name: 'Ann', hash: HEX.repeat(2), time: now, key: HEX }],
    standing: 1,
    isClosed: false,
  },
  '/api/anonymous/platform': {
    ...{ version: 2, key: HEX, verificationKey: HEX, setup: HEX, setupKind: 'dev', trial: true, time: now - AHEAD },
    ...{ trustees: [], graceMargin: 0, anonymityFloor: 8 },
  },
  '/api/ceremony/place/begin': { state: 'contributing', secondsLeft: 9 },
};

/** Takes what it is asked for and does nothing. */
class IdleWorker extends EventTarget {
  postMessage({ port }: { port: MessagePort }): void {
    port.onmessage = ({ data }: MessageEvent<JobRequest>) => {
      asked.push(data.input as ContributeTask);
      const end = made ? { output: made } : { fault: { name: 'Error', message: 'enough' } };
      port.postMessage({ number: data.number, ...end });
    };
  }
  terminate(): void {}
}

beforeEach(() => {
  made = null;
  standings = [{ state: 'called', secondsLeft: 9 }];
  kept = null;
  vi.stubGlobal('Worker', IdleWorker);
  vi.stubGlobal('sessionStorage', { getItem: () => kept, setItem: () => {}, removeItem: () => {} });
  vi.stubGlobal('fetch', async (address: string, { method = 'GET' }: RequestInit = {}) => {
    const place = method === 'POST' ? { token: HEX } : standings.length > 1 ? standings.shift() : standings[0];
    return Response.json(ANSWERS[address] ?? place);
  });
});
afterEach(() => vi.unstubAllGlobals());

it('a contribution bears the time of the platform, whatever the clock of the device shows', async () => {
  const options = { signal: new AbortController().signal, onReport: () => {} };
  await expect(takePart({ ceremony: HEX, name: 'Ann', typed: 'x', seed: null }, options)).rejects.toThrow('enough');
  expect(asked).toHaveLength(1);
  expect(Math.abs((asked[0]?.time ?? 0) - (now - AHEAD))).toBeLessThan(AHEAD / 2); // it lies ahead by all of it
});

const turn = () =>
  takePart({ ceremony: HEX, name: 'Ann', typed: 'x', seed: null }, { signal: new AbortController().signal, onReport: () => {} });

it('a contribution of before the page was loaded again is not taken for the one that was made here', async () => {
  made = { key: new Uint8Array(4), attestation: { contribution: 'cd'.repeat(64) }, newSeed: null };
  standings = [
    { state: 'called', secondsLeft: 9 },
    { state: 'accepted', position: 1 },
  ];
  await expect(turn()).rejects.toThrow('loaded again');
});

it('a tab that is loaded again while its contribution is checked is told that it was taken', async () => {
  const before = asked.length;
  kept = HEX;
  standings = [{ state: 'checking' }, { state: 'accepted', position: 3 }];
  await expect(turn()).rejects.toThrow('is number 3');
  expect(asked).toHaveLength(before);
});

it('a contribution that was made here and taken is called accepted', async () => {
  made = { key: new Uint8Array(4), attestation: { contribution: HEX.repeat(2) }, newSeed: null };
  standings = [
    { state: 'called', secondsLeft: 9 },
    { state: 'accepted', position: 1 },
  ];
  await expect(turn()).resolves.toMatchObject({ position: 1 });
});

it('a copied tab has a place of its own while the other is at work, and gives up no other', async () => {
  kept = HEX;
  standings = [{ state: 'waiting', ahead: 1 }];
  const places: string[] = [];
  const answer = fetch;
  vi.stubGlobal('fetch', async (address: string, init: RequestInit = {}) => {
    places.push(`${init.method ?? 'GET'} ${new Headers(init.headers).get('authorization') ?? ''}`);
    return answer(address, init);
  });
  const stop = new AbortController();
  const begin = (signal: AbortSignal) => takePart({ ceremony: HEX, name: 'Ann', typed: 'x', seed: null }, { signal, onReport: () => {} });
  const first = expect(begin(stop.signal)).rejects.toThrow('the first stopped');
  await vi.waitFor(() => expect(places.length).toBeGreaterThan(1));
  const copy = new AbortController();
  const second = expect(begin(copy.signal)).rejects.toThrow('the copy stopped');
  await vi.waitFor(() => expect(new Set(places.filter((one) => one.startsWith('GET'))).size).toBe(2));
  copy.abort(new Error('the copy stopped'));
  await second;
  const left = places.filter((one) => one.startsWith('DELETE'));
  expect(left).toHaveLength(1);
  expect(left[0]).not.toContain(HEX);
  stop.abort(new Error('the first stopped'));
  await first;
});
