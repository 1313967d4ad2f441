import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fetch } from '#lib/api/request.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { limitFetch } from '#lib/trustee/platform-calls.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { runRounds, runSeconds, type Stage, startAll } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setKeyedStage();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await stage.close();
});

/** A platform that takes that long to answer an opening. */
const checkOpenings =
  (ms: number): Fetch =>
  async (input, init) => {
    if (String(init.body).includes('"type":"opening"')) await sleep(ms, undefined, { signal: init.signal as AbortSignal });
    return fetch(input, init);
  };

/** Four trustees, and a trigger that is met: whoever runs a round next opens the wave. */
async function meetTrigger(first: Fetch) {
  const actors = [await stage.start(1, { fetch: first }), ...(await startAll(stage, [2, 3, 4]))];
  await runRounds(actors, 1);
  await stage.sign(0);
  await stage.sign(1);
  stage.board.publish(stage.context.id);
  return actors;
}

describe('an opening that the platform checks for long', () => {
  it('is waited for longer than the minute after which other calls are given up', async () => {
    const real = AbortSignal.timeout.bind(AbortSignal);
    const actors = await meetTrigger(checkOpenings(7_000));
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => real(ms === 60_000 ? 5_000 : ms)); // a minute that is over sooner
    await runSeconds(stage, actors, 5);
    expect(stage.messagesOf('opening').map(({ trustee }) => trustee)).toContain(1);
  });

  it('is broken off at deadline and grace', async () => {
    const actors = await meetTrigger(checkOpenings(30_000));
    await runSeconds(stage, actors.slice(1), 12); // the others are done
    expect(stage.messagesOf('opening')).toHaveLength(3);
    stage.clock.now = destructionTime(stage.context.statement) - 2;
    await expect(actors[0]?.trustee.runRound()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(stage.messagesOf('opening').map(({ trustee }) => trustee)).not.toContain(1);
  });
});

describe('a checkpoint that is longer than a trustee reads', () => {
  it('is not cosigned, the log says why, and it is not taken for a platform that is out of reach', async () => {
    const most = 60_000;
    let isLong = false;
    const long: Fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!isLong || !String(init.body).includes('"want":"board"')) return response;
      return new Response(`${' '.repeat(most)}${await response.text()}`, { headers: response.headers });
    };
    const actors = [await stage.start(1, { fetch: limitFetch(long, most) }), ...(await startAll(stage, [2, 3, 4]))];
    await runRounds(actors, 1);
    await stage.sign(0);
    stage.board.publish(stage.context.id);
    await runRounds(actors, 1);
    isLong = true;
    await stage.sign(1);
    stage.board.publish(stage.context.id);
    for (let round = 0; round < 3; round++) {
      await runRounds(actors, 1);
      stage.clock.now += 400;
    }
    const cosigned = stage.messagesOf('cosignature').map(({ trustee, number }) => `${trustee}: ${number}`);
    expect(cosigned.sort()).toEqual(['1: 1', '2: 1', '2: 2', '3: 1', '3: 2', '4: 1', '4: 2']);
    expect(actors[0]?.lines.filter((line) => line.includes('ANSWER_TOO_LONG'))).toEqual([
      expect.stringContaining('the board is refused: ANSWER_TOO_LONG (the answer after checkpoint 1 is longer than 256 MB'),
    ]);
  });
});
