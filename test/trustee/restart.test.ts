import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setKeyedStage } from './keyed-stage.ts';
import { type Actor, runRounds, runSeconds, type Stage, startAll } from './stage.ts';

let stage: Stage;
let actors: Actor[];
const first = () => actors[0] as Actor;
const id = () => stage.context.id;
const publish = () => stage.board.publish(id());
const logFile = () => path.join(first().folder, 'statements', id(), 'board.log');

beforeEach(async () => {
  stage = await setKeyedStage();
  actors = await startAll(stage);
  await runRounds(actors, 1);
});
afterEach(() => stage.close());

describe('a restart in the middle of a board', () => {
  it('asks only for what is new, checks no proof twice, and comes to the same waves', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    const asked: number[] = [];
    stage.board.tamper = (_, answer, request) => {
      if (request?.want === 'board' && request.trustee === 1) asked.push(request.after);
      return answer;
    };
    const again = await stage.start(1);
    await stage.sign(1);
    publish();
    await runSeconds(stage, [again, ...actors.slice(1)], 6);
    expect(new Set(asked)).toEqual(new Set([1, 2])); // nothing before its own last checkpoint
    expect(
      stage
        .messagesOf('opening')
        .map(({ trustee, wave }) => [trustee, wave])
        .sort(),
    ).toEqual([1, 2, 3, 4].map((n) => [n, 1]));
  });

  it('takes steps and openings that it had verified from its own disk, and sends again what it is not shown', async () => {
    for (const member of [0, 1]) await stage.sign(member);
    publish();
    await runSeconds(stage, actors, 6);
    const steps = stage.messagesOf('mix');
    expect(steps).toHaveLength(2);
    stage.board.drop(id(), ({ type }) => type === 'mix' || type === 'opening');
    const again = await stage.start(1);
    await runSeconds(stage, [again], 3);
    expect(stage.messagesOf('mix')).toEqual(steps); // its own or not: others' openings are worth nothing without them
    expect(stage.messagesOf('opening').map(({ trustee }) => trustee)).toEqual([1]);
    expect(again.lines.join('\n')).not.toContain('verified');
  });

  it('cuts off what a crash has torn from its log, and reads that part again', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    const whole = readFileSync(logFile(), 'utf8');
    appendFileSync(logFile(), whole.slice(0, 200));
    const again = await stage.start(1);
    await runRounds([again], 1);
    expect(readFileSync(logFile(), 'utf8')).toBe(whole);

    appendFileSync(logFile(), whole); // a line that is whole and does not continue the chain
    await runRounds([await stage.start(1)], 1);
    expect(readFileSync(logFile(), 'utf8')).toBe(whole);
  });
});
