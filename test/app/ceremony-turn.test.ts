import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { takePart } from '#lib/browser/ceremony-turn.ts';
import type { ContributeTask } from '#lib/browser/ceremony-worker.ts';
import type { JobRequest } from '#lib/room/jobs.ts';

const HEX = 'ab'.repeat(32);
/** The device is two days ahead: it may lie behind the moment of the beacon already, and the ceremony does not. */
const AHEAD = 2 * 86_400;
const now = Math.floor(Date.now() / 1000);
const asked: ContributeTask[] = [];

const ANSWERS: Record<string, unknown> = {
  '/api/ceremony': {
    ceremony: HEX,
    title: 'T',
    setup: 'dev',
    constraints: 8,
    beacon: 'B',
    contributions: [],
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
      port.postMessage({ number: data.number, fault: { name: 'Error', message: 'enough' } });
    };
  }
  terminate(): void {}
}

beforeEach(() => {
  vi.stubGlobal('Worker', IdleWorker);
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => {}, removeItem: () => {} });
  vi.stubGlobal('fetch', async (address: string, { method = 'GET' }: RequestInit = {}) => {
    const place = method === 'POST' ? { token: HEX } : { state: 'called', secondsLeft: 9 };
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
