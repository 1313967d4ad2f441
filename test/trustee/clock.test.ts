import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClockWatch, LONGEST_DOUBT, MOST_DIFFERENCE } from '#lib/host/clock-watch.ts';
import { describeEntry, type LogEntry } from '#lib/host/log.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { type Actor, runRounds, START, type Stage, setStage, startAll } from './stage.ts';

const MONTH = 30 * 86_400;

describe('a wall clock', () => {
  const watch = () => {
    const clocks = { wall: START, steady: 0, lines: [] as string[] };
    const pass = (seconds: number) => {
      clocks.wall += seconds;
      clocks.steady += seconds;
    };
    const log = (entry: LogEntry) => void clocks.lines.push(describeEntry(entry));
    return {
      clocks,
      pass,
      ...createClockWatch({ now: () => clocks.wall, monotonic: () => clocks.steady, log, heldBack: 'nothing is destroyed' }),
    };
  };

  it('is trusted as long as it passes like the other and agrees with the platform', () => {
    const { clocks, pass, hear, isInDoubt } = watch();
    hear(START + MOST_DIFFERENCE);
    pass(MONTH);
    expect([isInDoubt(), clocks.lines]).toEqual([false, []]);
  });

  it.each([MONTH, -MONTH])('that jumps by %i s is held back, loudly, and for an hour only', (jump) => {
    const { clocks, pass, isInDoubt } = watch();
    clocks.wall += jump;
    expect(isInDoubt()).toBe(true);
    pass(LONGEST_DOUBT - 1);
    expect(isInDoubt()).toBe(true);
    expect(clocks.lines).toEqual([expect.stringContaining(`jumped by ${jump} s`)]);
    pass(1);
    expect(isInDoubt()).toBe(false);
    expect(clocks.lines[1]).toContain('for an hour');
  });

  it('is trusted again once it is set right, or the platform has the same time', () => {
    const { clocks, hear, isInDoubt } = watch();
    clocks.wall += MONTH;
    expect(isInDoubt()).toBe(true);
    clocks.wall -= MONTH;
    expect(isInDoubt()).toBe(false);
    clocks.wall += MONTH; // the machine slept
    expect(isInDoubt()).toBe(true);
    hear(clocks.wall);
    expect([isInDoubt(), clocks.lines.at(-1)]).toEqual([false, 'the clocks agree again']);
  });

  it('is held back for an hour in all by a platform that has the same time for a moment now and then', () => {
    const { clocks, pass, hear, isInDoubt } = watch();
    let held = 0;
    for (let minute = 0; minute < 240; minute++) {
      hear(clocks.wall + (minute % 50 === 49 ? 0 : MONTH));
      if (isInDoubt()) held += 60;
      pass(60);
    }
    expect(held).toBeLessThanOrEqual(LONGEST_DOUBT + 4 * 60); // each moment of agreement gives back what it lasts
  });

  it('is held back for an hour again after as long without a doubt', () => {
    const { pass, clocks, hear, isInDoubt } = watch();
    hear(clocks.wall + MONTH);
    expect(isInDoubt()).toBe(true);
    pass(LONGEST_DOUBT);
    expect(isInDoubt()).toBe(false);
    hear(clocks.wall);
    expect(isInDoubt()).toBe(false);
    pass(LONGEST_DOUBT);
    hear(clocks.wall + MONTH);
    expect(isInDoubt()).toBe(true);
  });

  it('is held back where a platform says otherwise, or has signed a checkpoint later', () => {
    const one = watch();
    one.hear(START - MONTH);
    expect(one.isInDoubt()).toBe(true);
    const other = watch();
    other.hearNoEarlier(START + MOST_DIFFERENCE + 1);
    expect(other.isInDoubt()).toBe(true);
    const third = watch();
    third.hearNoEarlier(START - MONTH); // a board on which nothing has come for long
    expect(third.isInDoubt()).toBe(false);
  });
});

describe('a trustee whose clock is a month ahead', () => {
  let stage: Stage;
  let actors: Actor[];
  const clock = { ahead: 0, steady: 0 };
  const clocks = { now: () => stage.clock.now + clock.ahead, monotonic: () => clock.steady };
  const has = (actor: Actor, file: string) => existsSync(path.join(actor.folder, 'statements', stage.context.id, file));
  const begin = async (set: () => Promise<Stage>) => {
    Object.assign(clock, { ahead: 0, steady: 0 });
    stage = await set();
    actors = [await stage.start(1, clocks), ...(await startAll(stage, [2, 3, 4]))];
    await runRounds(actors.slice(0, 1), 1);
  };
  afterEach(() => stage.close());

  it('keeps its share and says nothing of an end, at work and when it starts, until an hour is over', async () => {
    await begin(setKeyedStage);
    const [first] = actors as [Actor];
    clock.ahead = MONTH;
    await first.trustee.eraseDue();
    await first.trustee.runRound();
    clock.steady = 100;
    const again = await stage.start(1, clocks);
    await again.trustee.eraseDue();
    await again.trustee.runRound();
    expect([has(again, 'share.json'), stage.messagesOf('destroyed')]).toEqual([true, []]);
    for (const { lines } of [first, again]) expect(lines.join('\n')).toContain('WARNING: this machine');
    clock.steady += LONGEST_DOUBT;
    clock.ahead += LONGEST_DOUBT;
    await again.trustee.eraseDue();
    await again.trustee.runRound();
    expect([has(again, 'share.json'), stage.messagesOf('destroyed').length]).toEqual([false, 1]);
  });

  it('gives no key up meanwhile, and goes on with it as soon as the clock is right', async () => {
    await begin(setStage);
    clock.ahead = MONTH;
    await runRounds(actors, 2);
    expect(has(first(), 'secrets.json')).toBe(true);
    clock.ahead = 0;
    stage.clock.now += 400; // past the pauses
    clock.steady += 400;
    await runRounds(actors);
    expect(stage.keyed().verificationKeys).toHaveLength(4);
  });

  it('erases an ended share at its next start, as soon as the platform has the same time', async () => {
    await begin(setKeyedStage);
    stage.clock.now = destructionTime(stage.context.statement) + MONTH;
    const late = await stage.start(1, clocks);
    expect(has(late, 'share.json')).toBe(false);
  });

  const first = () => actors[0] as Actor;
});
