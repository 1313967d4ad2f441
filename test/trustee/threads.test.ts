import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveMeasurements } from '#lib/host/measurements.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { measureTrustee } from '#lib/trustee/measure-trustee.ts';
import { serveRounds } from '#lib/trustee/serve.ts';
import { createTrusteeRoom, type TrusteeRoom } from '#lib/trustee/trustee-room.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { readNames } from './read-names.ts';
import { runRounds, runSeconds, type Stage, setStage, vouch } from './stage.ts';

const scriptOf = (name: string) => path.join(import.meta.dirname, 'threads', `${name}.ts`);
let rooms: TrusteeRoom[] = [];
const openRoom = (file?: string) => {
  const room = createTrusteeRoom(file);
  rooms.push(room);
  return room;
};
let stage: Stage;
afterEach(async () => {
  await stage.close();
  await Promise.all(rooms.map((room) => room.close()));
  rooms = [];
});

it('makes a key, reads the board, mixes, opens and checks in its threads', async () => {
  stage = await setStage();
  const room = openRoom();
  const actors = await Promise.all([1, 2, 3, 4].map((trustee) => stage.start(trustee, trustee > 2 ? {} : { room })));
  await runRounds(actors);
  for (const member of [0, 2]) await stage.sign(member);
  stage.board.publish(stage.context.id);
  await runSeconds(stage, actors, 6);
  expect(stage.messagesOf('mix').map(({ step }) => step)).toEqual([1, 2]);
  expect(stage.messagesOf('opening')).toHaveLength(4);
  expect(readNames(stage, 1).sort()).toEqual(['Ann Example', 'Chloé Exemple']);
  expect(actors.flatMap(({ lines }) => lines).filter((line) => line.includes('WARNING'))).toEqual([]);
});

describe('a trustee whose thread mixes', () => {
  beforeEach(async () => {
    stage = await setKeyedStage();
    for (const member of [0, 1]) await stage.sign(member);
    stage.board.publish(stage.context.id);
    for (const trustee of [2, 3]) await vouch(stage, trustee);
  });

  it('erases its share on time meanwhile, answers whoever asks how it is, and gives the mix up', async () => {
    const begun = Promise.withResolvers<void>();
    const stuck = openRoom(scriptOf('stuck'));
    const room: TrusteeRoom = {
      ...stuck,
      run: (job, input, options) => stuck.run(job, input, { ...options, onNews: () => begun.resolve() }),
    };
    let second = stage.clock.now;
    const { trustee, folder, lines } = await stage.start(1, { room, monotonic: () => second++ }); // its turn comes soon
    const { registry, isReady, onRound } = measureTrustee(trustee, () => stage.clock.now);
    const place = { host: '127.0.0.1', port: 0 };
    const server = await serveMeasurements(registry, { place, onFault: () => {}, isReady });
    const stopping = new AbortController();
    const served = serveRounds(trustee, { pollSeconds: 0.05, signal: stopping.signal, log: () => {}, onRound });
    await begun.promise;
    const health = await fetch(`http://127.0.0.1:${server.port}/health`);
    expect(await health.json()).toMatchObject({ live: true });
    const share = path.join(folder, 'statements', stage.context.id, 'share.json');
    expect(existsSync(share)).toBe(true);
    stage.clock.now = destructionTime(stage.context.statement);
    await expect.poll(() => existsSync(share)).toBe(false);
    await expect.poll(() => stage.messagesOf('destroyed')).toMatchObject([{ trustee: 1, time: stage.clock.now }]);
    expect(stage.messagesOf('mix')).toEqual([]);
    await expect.poll(() => lines.at(-1)).toBe(`statement ${stage.context.id.slice(0, 12)}: destroyed sent`);
    stopping.abort();
    await Promise.all([served, server.stop()]);
  });

  it('tells that it was lost, and mixes again', async () => {
    const [dying, good] = [openRoom(scriptOf('dying')), openRoom()];
    let deaths = 0;
    const room: TrusteeRoom = {
      ...good,
      run: (job, input, options) => (job === 'shuffle' && deaths++ === 0 ? dying : good).run(job, input, options),
    };
    const actor = await stage.start(1, { room });
    await runSeconds(stage, [actor], 15);
    const told = actor.lines.filter((line) => /mixing|mixed|thread/.test(line)).map((line) => line.split(': ').slice(1).join(': '));
    expect(told).toEqual([
      'wave 1: mixing as step 1',
      'a thread ended without an answer (exit 3)',
      'wave 1: mixing as step 1',
      'wave 1: mixed as step 1',
    ]);
    expect(stage.messagesOf('mix')).toMatchObject([{ trustee: 1, step: 1 }]);
  });
});
