import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fetch } from '#lib/api/request.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { seeded } from '../circuits/signer.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { readNames } from './read-names.ts';
import { type Actor, runRounds, type Stage } from './stage.ts';

type Listing = { messages: unknown[] };

describe('a committee whose messages are late, lost on the way, or sent twice (T42, T56)', () => {
  let stage: Stage;
  let actors: Actor[];
  const draw = seeded('adverse delivery');
  const chance = (percent: number) => (draw(1)[0] as number) < (256 * percent) / 100;
  let isAdverse = false;

  beforeAll(async () => {
    stage = await setKeyedStage();
    const lose: Fetch = async (input, init) => {
      const isMessage = init.method === 'POST' && input.endsWith('/messages');
      if (isAdverse && isMessage && chance(25)) throw new TypeError('lost before it arrived');
      const response = await fetch(input, init);
      if (isAdverse && isMessage && chance(25)) throw new TypeError('lost on the way back');
      return response;
    };
    actors = [];
    for (const trustee of [1, 2, 3, 4]) actors.push(await stage.start(trustee, { fetch: lose }));
    await runRounds(actors, 1);
    isAdverse = true;
    stage.board.tamper = (_, answer, asked) => {
      if (asked?.want !== 'messages' || !isAdverse) return answer;
      const { messages, ...rest } = answer as Listing;
      return { ...rest, messages: chance(60) ? messages.slice(0, messages.length - ((draw(1)[0] as number) % 4)) : messages };
    };
  });
  afterAll(() => stage.close());

  const isOpen = (wave: number) => {
    try {
      return readNames(stage, wave);
    } catch {
      return null;
    }
  };

  it.each([
    [1, [0, 1], ['Ann Example', 'Ben Beispiel']],
    [2, [2], ['Chloé Exemple']],
    [3, [3], ['Dana Przykład']],
  ])('opens wave %i all the same, in whatever order its steps and openings come', async (wave, members, names) => {
    for (const member of members) await stage.sign(member);
    stage.board.publish(stage.context.id);
    for (let second = 0; second < 90 && !isOpen(wave); second++) {
      const [first, ...rest] = actors.sort(() => (chance(50) ? 1 : -1));
      for (const { trustee } of chance(30) ? rest : [first!, ...rest]) await trustee.runRound().catch(() => {}); // one may be away
      stage.clock.now += 2;
    }
    expect(isOpen(wave)?.sort()).toEqual(names);
  });

  it('and each trustee attests all three as opened once it has heard of them, with none named for a fault', async () => {
    isAdverse = false;
    for (let second = 0; second < 12; second++) {
      await runRounds(actors, 1).catch(() => {});
      stage.clock.now += 300;
    }
    stage.clock.now = destructionTime(stage.context.statement);
    await runRounds(actors, 3);
    const said = stage.messagesOf('destroyed').map(({ waves }) => waves.map(({ number, opened }) => [number, opened]));
    expect(said).toEqual([1, 2, 3, 4].map(() => [1, 2, 3].map((number) => [number, true])));
    expect(actors.flatMap(({ lines }) => lines).join('\n')).not.toMatch(/FORKED|BAD_MIX|BAD_OPENING/);
  });
});
