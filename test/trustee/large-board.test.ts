import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '#lib/protocol/board/signature.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import type { HeldCheckpoint } from '../support/held-statements.ts';
import type { OnStep } from './crash-points.ts';
import { type LargeStage, setLargeStage } from './large-stage.ts';

/** Dies before a step happens for the so-manieth time. */
function dieBefore(label: string, time: number): OnStep {
  let seen = 0;
  let isDead = false;
  return (step) => {
    if (step === label) seen++;
    isDead ||= seen === time;
    if (isDead) throw new Error('died');
  };
}

describe('a trustee on a long board', () => {
  const FIRST = 520;
  let stage: LargeStage;
  beforeAll(async () => {
    stage = await setLargeStage(FIRST + 20, FIRST + 20, 'long board');
    await stage.publish(0, FIRST);
    for (let member = FIRST; member < FIRST + 10; member += 5) await stage.publish(member, member + 5);
  });
  afterAll(() => stage.close());

  it('killed in the middle of a large checkpoint, checks no proof again that it had checked', async () => {
    const first = await stage.start('killed', { onStep: dieBefore('writeFile proven.log', 2) });
    await first.trustee.runRound();
    expect(first.lines.at(-1)).toContain('died');
    expect(first.proofs).toBe(512); // of which one half is on disk

    const second = await stage.start('killed', { onStep: dieBefore('sync proven.log', 1) });
    await second.trustee.runRound();
    expect(second.proofs).toBe(256);

    const third = await stage.start('killed', { onStep: dieBefore('writeFile board.log', 1) });
    await third.trustee.runRound();
    expect(third.proofs).toBe(FIRST - 512);

    const fourth = await stage.start('killed');
    await fourth.trustee.runRound();
    expect(fourth.proofs).toBe(FIRST - 512 + 10); // that piece again, and what came after the large checkpoint
    expect(stage.board.messages(stage.context.id).filter(({ type }) => type === 'cosignature')).toMatchObject([{ number: 3 }]);
  });

  it('started again checks none, and for a new checkpoint only its own', async () => {
    const again = await stage.start('killed');
    await again.trustee.runRound();
    expect(again.proofs).toBe(0);
    await stage.publish(FIRST + 10, FIRST + 11);
    await again.trustee.runRound();
    expect(again.proofs).toBe(1);
  });

  it('stops within a piece when it is told to, and goes on later', async () => {
    const stopping = new AbortController();
    const onStep = (step: string) => step === 'sync proven.log' && stopping.abort();
    const stopped = await stage.start('stopped', { stopping: stopping.signal, onStep });
    await expect(stopped.trustee.runRound()).rejects.toThrow('abort');
    expect(stopped.proofs).toBe(256);
    const again = await stage.start('stopped');
    await again.trustee.runRound();
    expect(again.proofs).toBe(FIRST + 11 - 256);
  });

  it('whose disk is full for a moment goes on from what the disk holds, and vouches for no more', async () => {
    let isFull = true;
    const onStep = (step: string) => {
      if (!isFull || step !== 'writeFile board.log') return;
      isFull = false;
      throw new Error('no space left');
    };
    const actor = await stage.start('full', { onStep });
    const before = stage.board.posted.length;
    await actor.trustee.runRound();
    expect(actor.lines.at(-1)).toContain('no space left');
    expect(stage.board.posted.slice(before).map(({ type }) => type)).not.toContain('cosignature');
    stage.clock.now += 10;
    await actor.trustee.runRound();
    const again = await stage.start('full');
    await again.trustee.runRound();
    expect(again.proofs).toBe(0); // all of it is in the log
  });

  /** What a fresh trustee cosigns of a board of checkpoints of these sizes: some entries bear the seal of another, some no points. */
  const cosignForged = async (keystore: string, sizes: number[], bent: number[], pointless: number[] = []) => {
    const shown = stage.board.board(stage.context.id);
    const whole = shown.splice(0);
    const { checkpoint, bodies } = whole[0]!;
    const { sealed } = bodies[0]!.entry;
    const change = ({ proof }: Entry, i: number) => ({
      ...(bent.includes(i) ? { sealed } : {}),
      ...(pointless.includes(i) ? { proof: { ...proof, a: ['1', '1'] as const } } : {}),
    });
    const forged = bodies.map((body, i) => ({ ...body, entry: { ...body.entry, ...change(body.entry, i) } }));
    const history: HeldCheckpoint[] = [];
    for (const [i, size] of sizes.entries()) {
      const start = sizes.slice(0, i).reduce((sum, one) => sum + one, 0);
      history.push(stage.board.sign(stage.context.id, history, forged.slice(start, start + size), checkpoint.time));
    }
    shown.push(...history);
    stage.board.drop(stage.context.id, ({ type }) => type === 'cosignature'); // by which it would be bound
    const before = stage.board.posted.length;
    const actor = await stage.start(keystore);
    await actor.trustee.runRound();
    shown.splice(0, shown.length, ...whole);
    const numbers = stage.board.posted.slice(before).flatMap((message) => (message.type === 'cosignature' ? [message.number] : []));
    return { numbers, told: actor.lines.at(-1) };
  };

  it('cosigns no checkpoint with a bad proof, however far down it stands and whatever comes after it', async () => {
    const refused = (number: number) => expect.stringContaining(`BAD_PROOF (a proof of checkpoint ${number} does not hold)`);
    expect(await cosignForged('deep', [2, FIRST - 2], [FIRST - 100])).toEqual({ numbers: [1], told: refused(2) });
    expect(await cosignForged('end', [FIRST], [FIRST - 1])).toEqual({ numbers: [], told: refused(1) });
    expect(await cosignForged('two', [3, 3, 3, 3], [5, 8])).toEqual({ numbers: [1], told: refused(2) });
    expect(await cosignForged('pointless', [3, 3, 3, 3], [1], [5])).toEqual({ numbers: [], told: refused(1) });
  });

  it('destroys its share on time in the middle of a large checkpoint, and cosigns nothing of it', async () => {
    const before = stage.board.posted.length;
    const onStep = (step: string) => {
      if (step === 'sync proven.log') stage.clock.now = destructionTime(stage.context.statement);
    };
    const actor = await stage.start('late', { onStep });
    await actor.trustee.runRound();
    expect(actor.proofs).toBe(256);
    const said = stage.board.posted.slice(before);
    expect(said.map(({ type }) => type)).toEqual(['destroyed']);
    expect(said.at(-1)).toMatchObject({ time: stage.clock.now });
  });
});
