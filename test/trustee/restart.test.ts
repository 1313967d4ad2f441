import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headOf } from '#lib/protocol/board/board.ts';
import { type Actor, runRounds, type Stage, setStage, startAll } from './stage.ts';

let stage: Stage;
let actors: Actor[];
const first = () => actors[0] as Actor;
const id = () => stage.context.id;
const publish = () => stage.board.publish(id());
const logFile = () => path.join(first().folder, 'statements', id(), 'board.log');

beforeEach(async () => {
  stage = await setStage({ seed: 'crash' });
  actors = await startAll(stage);
  await runRounds(actors);
});
afterEach(() => stage.close());

describe('a restart in the middle of a board', () => {
  it('asks only for what is new, checks no proof twice, and comes to the same waves', async () => {
    await stage.sign(0);
    publish();
    await runRounds(actors, 1);
    const asked: string[] = [];
    stage.board.tamper = (place, answer) => {
      if (place.includes('/board')) asked.push(place.split('/board')[1] ?? '');
      return answer;
    };
    const again = await stage.start(1);
    await stage.sign(1);
    publish();
    await runRounds([again, actors[1] as Actor], 2);
    const hash = headOf(stage.board.board(id())[1]!.checkpoint).hash;
    expect(asked.slice(0, 2)).toEqual(['?after=1', `/2/${hash}`]); // its own entries, and nothing before them
    expect(new Set(asked.slice(2))).toEqual(new Set(['?after=2', '?after=1', `/2/${hash}`]));
    expect(
      stage
        .messagesOf('opening')
        .map(({ trustee, wave }) => [trustee, wave])
        .sort(),
    ).toEqual([
      [1, 1],
      [2, 1],
    ]);
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
