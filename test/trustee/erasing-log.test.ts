import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serveRounds } from '#lib/trustee/serve.ts';
import { type Actor, runRounds, type Stage, setStage } from './stage.ts';

let stage: Stage;
let actor: Actor;
const warnings = () => actor.lines.filter((line) => line.startsWith('WARNING'));

beforeEach(async () => {
  stage = await setStage({ size: 2 });
  const actors = [await stage.start(1), await stage.start(2)];
  await runRounds(actors);
  actor = actors[0] as Actor;
});
afterEach(() => stage.close());

it('what cannot be erased at work, because it cannot be read, is told once, and again when it comes back', async () => {
  const journal = path.join(actor.folder, 'statements', stage.context.id, 'journal.json');
  await actor.trustee.eraseDue();
  expect(warnings()).toEqual([]);
  const erase = async (times: number) => {
    for (let i = 0; i < times; i++) await actor.trustee.eraseDue();
  };
  const whole = readFileSync(journal);
  writeFileSync(journal, '{');
  await erase(3);
  expect(warnings()).toEqual([expect.stringContaining(`statement ${stage.context.id.slice(0, 12)}: `)]);
  writeFileSync(journal, whole);
  await erase(1);
  writeFileSync(journal, '{');
  await erase(3);
  expect(warnings()).toHaveLength(2);
});

it('a failure of the clock’s work that lasts is told once', async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  let calls = 0;
  const trustee = {
    runRound: async () => false,
    eraseDue: async () => {
      calls++;
      throw new Error('the disk is gone');
    },
  };
  const serving = serveRounds(trustee, { pollSeconds: 1, signal: stop.signal, log: (line) => void lines.push(line) });
  while (calls < 3) await sleep(100);
  stop.abort();
  await serving;
  expect(lines).toEqual(['WARNING: the disk is gone']);
});
