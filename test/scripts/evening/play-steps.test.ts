import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { playSteps, type RunStep } from '#scripts/evening/play-steps.ts';
import { createTerminal } from '#scripts/evening/terminal.ts';

/** Plays steps on a clock of its own. @returns what was printed, and what was started and not ended */
async function rehearse(play: (step: RunStep, start: (what: string) => void, wait: (ms: number) => void) => Promise<void>) {
  const lines: string[] = [];
  let time = 0;
  let running: string[] = [];
  const isGood = await playSteps(
    (step) =>
      play(
        step,
        (what) => running.push(what),
        (ms) => {
          time += ms;
        },
      ),
    {
      clock: () => time,
      write: (line) => lines.push(line),
      stop: async () => {
        running = [];
      },
      logs: '/evening/logs',
    },
  );
  return { isGood, lines, running };
}

it('an evening prints each step with its seconds and what it told, hands its result on, and ends what it started', async () => {
  const { isGood, lines, running } = await rehearse(async (step, start, wait) => {
    const port = await step('A proxy', async (tell) => {
      start('proxy');
      wait(1_240);
      tell('it has a certificate');
      return 443;
    });
    await step(`A platform behind ${port}`, async () => wait(60_000));
  });
  expect([isGood, running]).toEqual([true, []]);
  expect(lines).toEqual([
    ' 1. A proxy',
    '      it has a certificate',
    '   1.2 s  holds',
    ' 2. A platform behind 443',
    '  60.0 s  holds',
    '  61.2 s  in all: every one of 2 steps holds.',
  ]);
});

it('an evening stops at the first step that does not hold, says why and where the logs are, and ends what it started', async () => {
  const { isGood, lines, running } = await rehearse(async (step, start, wait) => {
    await step('A database', async () => start('database'));
    await step('A copy', async () => {
      wait(500);
      throw new Error('the disk is full');
    });
    await step('Another', async () => start('another'));
  });
  expect([isGood, running]).toEqual([false, []]);
  expect(lines.slice(2)).toEqual([
    ' 2. A copy',
    '   0.5 s  DOES NOT HOLD: the disk is full',
    '   0.5 s  in all. Step 2 failed: A copy',
    'What every program has written lies in /evening/logs',
  ]);
  const between = await rehearse(async (step) => {
    await step('A database', async () => {});
    throw new Error('the board is gone');
  });
  expect([between.isGood, between.lines[2]]).toEqual([false, '   0.0 s  in all. After step 1: the board is gone']);
});

it('a command of an evening fails with its own words, which are kept, and one that was to go on is missed when it ends', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evening-'));
  const typed: string[] = [];
  const terminal = createTerminal({ folder, env: () => ({}), onType: (line) => typed.push(line) });
  const hash = 'ab'.repeat(32);
  await Promise.all([
    expect(terminal.run({ who: 'operator', name: 'keys', args: ['public', hash] })).rejects.toThrow(/ended with 1:\n.*is not there/),
    expect(terminal.serve({ who: 'auditor', name: 'keys', args: ['none'] }).waitForLine(/ready/, 60)).rejects.toThrow(
      /keys -- none ended with 2:\n.*That is no command of this/,
    ),
  ]);
  expect(typed).toEqual(['operator $ npm run keys -- public abababababab…', 'auditor $ npm run keys -- none']);
  expect(readFileSync(path.join(folder, 'logs/operator-keys.log'), 'utf8')).toContain(path.join(folder, 'operator', hash));
  await terminal.stop();
  rmSync(folder, { recursive: true });
});
