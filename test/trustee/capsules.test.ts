import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { createStatement, systemRandom } from '../support/world.ts';
import { type Actor, runRounds, type Stage, setStage, startAll } from './stage.ts';

describe('the capsules that a trustee keeps', () => {
  let stage: Stage;
  let actors: Actor[];
  beforeEach(async () => {
    stage = await setStage({ seed: 'capsules' });
    actors = await startAll(stage);
  });
  afterEach(() => stage.close());

  const rollsOf = ({ folder }: Actor) => readdirSync(path.join(folder, 'capsules'));
  const endAt = async (time: number) => {
    stage.clock.now = time;
    for (const { trustee } of actors) await trustee.eraseDue();
    await runRounds(actors, 1);
  };

  it('outlive one statement while another needs them (T62)', async () => {
    const { verificationKey, setup, deadline } = stage.context.statement;
    const change = { deadline: deadline + 5_000 };
    const longer = createStatement([stage.group], stage.committee, { count: 2 }, { verificationKey, setup, random: systemRandom, change });
    stage.board.open(longer, [stage.group]);
    await runRounds(actors, 5);
    const roll = longer.statement.rolls[0]!.roll;
    const kept = () => actors.map(rollsOf);
    expect(kept()).toEqual(actors.map(() => [roll]));
    await endAt(destructionTime(stage.context.statement));
    expect(kept()).toEqual(actors.map(() => [roll]));
    await endAt(destructionTime(longer.statement));
    expect(kept()).toEqual(actors.map(() => []));
  });

  it('are those of the roll, or nothing is confirmed (T45)', async () => {
    stage.board.tamper = (_place, answer, asked) =>
      asked?.want === 'capsules' ? (answer as Uint8Array).with(-1, ((answer as Uint8Array).at(-1) as number) ^ 1) : answer;
    await runRounds(actors, 5);
    expect(stage.messagesOf('confirm')).toEqual([]);
    expect(actors.flatMap(({ lines }) => lines).join('\n')).toContain('BAD_CAPSULES');
    stage.board.tamper = null;
    stage.clock.now += 400;
    await runRounds(actors, 5);
    expect(stage.messagesOf('confirm')).toHaveLength(4);
  });
});
