import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createStatement, systemRandom } from '../support/world.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { type Actor, runRounds, type Stage, setStage, startAll } from './stage.ts';

let stage: Stage;
let actors: Actor[];
const id = () => stage.context.id;
const begin = async (set: () => Promise<Stage>) => {
  stage = await set();
  actors = await startAll(stage);
  await runRounds(actors, 1);
};
afterEach(() => stage.close());

const advance = () => {
  stage.clock.now += 400; // past the pauses after a fault
};

describe('a platform whose database was put back from a copy', () => {
  it('is given again what it had taken, so that the key is still made', async () => {
    await begin(setStage);
    expect(stage.board.messages(id()).length).toBeGreaterThan(1);
    stage.board.putBack(id(), 0, 0);
    await runRounds(actors);
    expect(stage.keyed().verificationKeys).toHaveLength(4);
    expect(actors[0]!.lines.join('\n')).toContain('WARNING: the platform has begun its list of messages again');
  });

  it('is shown what it has lost, and no trustee cosigns another board', async () => {
    await begin(setKeyedStage);
    const key = stage.board.messages(id()).length;
    await stage.sign(0);
    stage.board.publish(id());
    await runRounds(actors, 2);
    const [lost] = stage.messagesOf('cosignature');
    stage.board.putBack(id(), key, 0);
    stage.clock.now += 1; // the same signature comes again and stands in another checkpoint
    await stage.sign(0);
    stage.board.publish(id());
    await runRounds(actors, 2);
    advance();
    await runRounds(actors, 2);
    expect(stage.messagesOf('cosignature').map(({ number, checkpoint }) => ({ number, checkpoint }))).toEqual(
      [1, 2, 3, 4].map(() => ({ number: 1, checkpoint: lost!.checkpoint })),
    );
  });

  it('or a board that has become shorter, is told in the log', async () => {
    await begin(setKeyedStage);
    await stage.sign(0);
    stage.board.publish(id());
    await runRounds(actors, 2);
    stage.board.putBack(id(), 99, 0);
    await runRounds(actors, 3);
    expect(actors[0]!.lines.join('\n')).toContain('BOARD_SHORT');
  });

  it('has its list of statements read from the beginning, in which new ones stand where old ones did', async () => {
    await begin(setKeyedStage);
    const saved = () =>
      JSON.parse(readFileSync(path.join(actors[0]!.folder, 'platform.json'), 'utf8')) as { cursor: number; epoch: string };
    expect(saved().cursor).toBe(1);
    // The platform has lost the first statement and gives its place to another.
    stage.board.forget(id());
    const { verificationKey, setup } = stage.context.statement;
    const next = createStatement([stage.group], stage.committee, { count: 2 }, { verificationKey, setup, random: systemRandom });
    stage.board.open(next, [stage.group]);
    const later = await startAll(stage);
    advance();
    await runRounds(later);
    expect(later[0]!.lines.join('\n')).toContain(`statement ${next.id.slice(0, 12)}: the key is made`);
    expect(saved().epoch).toBe(stage.board.epoch);
  });
});
