import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorkRoom, type RoomSettings } from '#lib/host/work-room.ts';
import type { WorkRoom } from '#lib/room/room.ts';
import type { TestJobs } from './room-script.ts';

type Room = WorkRoom<TestJobs>;

const file = path.join(import.meta.dirname, 'room-script.ts');
const rooms: Room[] = [];
const openRoom = (settings: Partial<RoomSettings> = {}): Room => {
  const room = createWorkRoom<TestJobs>({ file, hands: 1, ...settings });
  rooms.push(room);
  return room;
};
afterEach(() => Promise.all(rooms.splice(0).map((room) => room.close())));

/** A job that has begun and will not end. */
async function spin(room: Room, signal?: AbortSignal): Promise<{ job: Promise<never> }> {
  const begun = Promise.withResolvers<void>();
  const job = room.run('spin', null, { signal, onNews: () => begun.resolve() });
  job.catch(begun.reject);
  await begun.promise;
  return { job };
}
const sum = (room: Room, number: bigint) => room.run('add', { numbers: [number], bytes: Uint8Array.of(1, 2) }).then(({ sum }) => sum);
const runAlone = (script: string) =>
  spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8', timeout: 60_000 });
const failsAs = (code: string) => expect.objectContaining({ code });

describe.each(['thread', 'process'] as const)('a room whose hands are each a %s', (kind) => {
  it('does jobs with a copy of their input, shows them no setting of this process, and sends the news of each to who asked', async () => {
    const room = openRoom({ kind });
    const news: number[][] = [[], []];
    const [added, ...counted] = await Promise.all([
      room.run('add', { numbers: [1n, 2n ** 254n], bytes: Uint8Array.of(3) }),
      ...[2, 60].map((last, i) => room.run('countTo', last, { onNews: (number) => void news[i]?.push(number) })),
    ]);
    expect(added).toEqual({ sum: 4n + 2n ** 254n, settings: [], isThread: kind === 'thread' });
    // What the first one says when it is over, during the second, is heard by nobody.
    expect([counted, news]).toEqual([
      ['done', 'done'],
      [[1, 2], Array.from({ length: 60 }, (_, i) => i + 1)],
    ]);
  });

  it('tells what a job has thrown, and that something could not be copied, and goes on with the same hand', async () => {
    const room = openRoom({ kind });
    await expect(room.run('fail', 'too far')).rejects.toMatchObject({ code: 'FAILED', name: 'RangeError', message: 'too far' });
    await expect(room.run('giveFunction', null)).rejects.toThrow('could not be cloned');
    await expect(room.run('fail', (() => 1) as never)).rejects.toThrow('could not be cloned');
    expect(await sum(room, 1n)).toBe(4n);
  });

  it('ends a job that is cancelled in the middle of its work, and those that wait, and others go on', async () => {
    const room = openRoom({ kind });
    const [first, second] = [new AbortController(), new AbortController()];
    const { job } = await spin(room, first.signal);
    const waits = room.run('spin', null, { signal: second.signal });
    const last = sum(room, 1n);
    expect(room.waiting).toBe(2);
    second.abort();
    await expect(waits).rejects.toEqual(failsAs('CANCELLED'));
    expect(room.waiting).toBe(1);
    first.abort();
    await expect(job).rejects.toEqual(failsAs('CANCELLED'));
    expect(await last).toBe(4n);
    await expect(room.run('spin', null, { signal: first.signal })).rejects.toEqual(failsAs('CANCELLED'));
  });

  it('starts another hand for one that is lost at work or while it is idle', async () => {
    const room = openRoom({ kind });
    await expect(room.run('exit', { code: 7, later: false })).rejects.toMatchObject({ code: 'LOST', message: expect.stringMatching('7') });
    expect(await sum(room, 1n)).toBe(4n);
    expect(await room.run('exit', { code: 0, later: true })).toBeNull();
    await setTimeout(300);
    await expect.poll(() => sum(room, 1n).catch(() => null)).toBe(4n);
  });

  it('ends a hand with its job where it is told to', async () => {
    const [lasting, once] = [openRoom({ kind }), openRoom({ kind, isOnce: true })];
    await expect(once.run('fail', 'too far')).rejects.toEqual(failsAs('FAILED'));
    const count = (room: Room) => Promise.all([1, 2].map(() => room.run('countJobs', null)));
    expect([await count(lasting), await count(once)]).toEqual([
      [1, 2],
      [1, 1],
    ]);
  });

  it('refuses more than may wait, gives up everything when it is closed, and does nothing afterwards', async () => {
    const room = openRoom({ kind, queue: 1 });
    const { job } = await spin(room);
    const waits = sum(room, 1n);
    await expect(sum(room, 1n)).rejects.toEqual(failsAs('BUSY'));
    const given = Promise.allSettled([job, waits]);
    await room.close();
    expect(await given).toEqual(Array(2).fill({ status: 'rejected', reason: failsAs('CLOSED') }));
    await expect(sum(room, 1n)).rejects.toEqual(failsAs('CLOSED'));
  });

  it('keeps a process alive until what was asked is done, and no longer', () => {
    const script = `
      import { createWorkRoom } from '#lib/host/work-room.ts';
      const room = createWorkRoom({ file: ${JSON.stringify(file)}, hands: 2, kind: '${kind}' });
      room.run('countTo', 300).then(console.log);`;
    const run = runAlone(script);
    expect([run.status, run.stdout]).toEqual([0, 'done\n']);
  });
});

describe('a room of threads', () => {
  it('ends a job that takes too long, and does not count what another waits', async () => {
    const room = openRoom({ timeLimitMs: 3_000 });
    const outcomes = await Promise.allSettled([room.run('spin', null), sum(room, 1n)]);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: failsAs('TIME_LIMIT') },
      { status: 'fulfilled', value: 4n },
    ]);
  });

  it('refuses a job whose thread cannot be started, and tries again for the next', async () => {
    const room = openRoom({ file: `${file}.missing.ts` });
    for (const _ of [1, 2])
      await expect(sum(room, 1n)).rejects.toMatchObject({ code: 'LOST', message: expect.stringContaining('missing') });
  });
});

describe('the memory of a room', () => {
  it('runs out for one job alone', async () => {
    const room = openRoom({ limits: { maxOldGenerationSizeMb: 32 } });
    await expect(room.run('fillHeap', null)).rejects.toEqual(failsAs('OUT_OF_MEMORY'));
    expect(await sum(room, 1n)).toBe(4n);
  });

  it('is returned when the room is closed', () => {
    // In a process of its own, whose size nothing else changes meanwhile.
    const script = `
      import { createWorkRoom } from '#lib/host/work-room.ts';
      const room = createWorkRoom({ file: ${JSON.stringify(file)}, hands: 1 });
      const size = () => process.memoryUsage.rss() / 2 ** 20;
      await room.run('take', 1);
      const before = size();
      await room.run('take', 256);
      const full = size();
      await room.close();
      console.log(JSON.stringify({ taken: full - before, returned: full - size() }));`;
    const { taken, returned } = JSON.parse(runAlone(script).stdout);
    expect(taken).toBeGreaterThan(128);
    expect(returned).toBeGreaterThan(128);
  });
});
