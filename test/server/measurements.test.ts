import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureRounds } from '#lib/host/measure-rounds.ts';
import { type MeasurementServer, readListenPlace, serveMeasurements } from '#lib/host/measurements.ts';
import { signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { readForCommittee } from '#lib/server/board/read-committee.ts';
import { measurePlatform } from '#lib/server/instance/measurements.ts';
import { openPilots, PILOTS, PILOTS_SEED } from '../support/pilots.ts';
import { type OpenStatement, postEntry, publishAndCosign, signOn, startPlatform, type TestPlatform } from '../support/platform.ts';
import type { TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let group: TestGroup;
let open: OpenStatement;
beforeAll(async () => {
  platform = await startPlatform({ seed: PILOTS_SEED });
  ({ group, open } = await openPilots(platform));
});
afterAll(() => platform?.stop());

describe('what the platform counts', () => {
  it('tells of queues, boards, statements and trustees, and of nobody', async () => {
    const registry = measurePlatform(platform.ctx);
    const read = async () => (await registry.metrics()).split('\n');
    const entry = await signOn(open, group, 3);
    await postEntry(platform.ctx, entry);
    const before = await read();
    for (const line of [
      'roundrobin_statements{standing="open"} 1',
      'roundrobin_statements{standing="ended"} 0',
      'roundrobin_boards_waiting 1',
      'roundrobin_checkpoints 0',
      'roundrobin_waiting{queue="proofs"} 0',
      'roundrobin_proofs_checked_total 1',
    ])
      expect(before).toContain(line);
    const seconds = before.find((line) => line.startsWith('roundrobin_proof_seconds_total '))?.split(' ')[1];
    expect(Number(seconds)).toBeGreaterThan(0); // however long this machine takes

    platform.clock.now += 65;
    await publishAndCosign(platform, open, [1, 2, 3]);
    const author = { context: open.context, trustee: 2, seed: open.key.authors[1]!.seed };
    const asked = signCommitteeRequest(author, { want: 'board', after: 0 }, platform.clock.now);
    await readForCommittee(platform.ctx, open.context.id, asked);
    const after = await read();
    expect(after).toContain('roundrobin_boards_waiting 0');
    expect(after).toContain('roundrobin_checkpoints 1');
    const minute = platform.clock.now - (platform.clock.now % 60);
    const { key } = open.context.statement.committee.trustees[1]!;
    expect(after).toContain(`roundrobin_trustee_seen_seconds{trustee="${key}"} ${minute}`);
    for (const secret of [...PILOTS, open.context.id, group.id, entry.nullifier]) expect(after.join('\n')).not.toContain(secret);
  });
});

describe('the port for what is counted', () => {
  let server: MeasurementServer;
  let now = 1_000 * 60_000;
  const registry = new Registry();
  const faults: unknown[] = [];
  let reads = 0;
  const counted = {
    contentType: registry.contentType,
    metrics: async () => {
      reads++;
      if (reads === 3) throw new Error('the database is away');
      return `reads ${reads}\n`;
    },
  };
  beforeAll(async () => {
    server = await serveMeasurements(counted, {
      place: { host: '127.0.0.1', port: 0 },
      now: () => now,
      onFault: (error) => faults.push(error),
    });
  });
  afterAll(() => server?.stop());
  const ask = async (path = '/metrics', method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return [response.status, await response.text()];
  };

  it('counts once a minute, so that nobody can tell the second of a signature', async () => {
    expect(await Promise.all([ask(), ask()])).toEqual([
      [200, 'reads 1\n'],
      [200, 'reads 1\n'],
    ]);
    now += 59_999;
    expect(await ask()).toEqual([200, 'reads 1\n']);
    now += 1;
    expect(await ask()).toEqual([200, 'reads 2\n']);
  });

  it('says in a sentence that a port is taken', async () => {
    const again = serveMeasurements(counted, { place: { host: '127.0.0.1', port: server.port }, onFault: () => {} });
    await expect(again).rejects.toThrow(`What is counted cannot be shown on port ${server.port} of 127.0.0.1: another program has it.`);
  });

  it('says 503 where counting fails, and has nothing else', async () => {
    now += 60_000;
    expect(await ask()).toEqual([503, '']);
    expect(faults).toHaveLength(1);
    expect(await ask()).toEqual([200, 'reads 4\n']); // and tries again at once
    for (const [path, method] of [
      ['/', 'GET'],
      ['/health', 'GET'],
      ['/metrics?x', 'GET'],
      ['/metrics', 'POST'],
    ] as const)
      expect(await ask(path, method)).toEqual([404, '']);
  });
});

it('whether a program that works in rounds is well stands at /health, as the web process says it', async () => {
  let isReady = true;
  const { registry } = measureRounds(() => 0);
  const place = { host: '127.0.0.1', port: 0 };
  const server = await serveMeasurements(registry, { place, onFault: () => {}, isReady: () => isReady });
  const ask = async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/health`);
    return [response.status, await response.text()];
  };
  expect(await ask()).toEqual([200, '{"live":true,"ready":true}']);
  isReady = false;
  expect(await ask()).toEqual([503, '{"live":true,"ready":false}']);
  await server.stop();
});

it('rounds are counted by their end, and the minute of the last good one is told', async () => {
  let now = 6_065;
  const { registry, onRound, isReady } = measureRounds(() => now);
  expect(isReady()).toBe(false);
  onRound(true);
  expect(isReady()).toBe(true);
  now += 60;
  onRound(false);
  expect(isReady()).toBe(false);
  const lines = (await registry.metrics()).split('\n');
  for (const line of [
    'roundrobin_rounds_total{end="done"} 1',
    'roundrobin_rounds_total{end="failed"} 1',
    'roundrobin_platform_heard_seconds 6060',
  ])
    expect(lines).toContain(line);
});

it.each([
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
  ['[::1]:9464', { host: '::1', port: 9464 }],
  ['localhost:1', { host: 'localhost', port: 1 }],
  ['', null],
  ['0', null],
  ['65536', null],
  ['::1:9464', null],
  ['host:', null],
])('reads where to listen: "%s"', (text, place) => expect(readListenPlace(text)).toEqual(place));
