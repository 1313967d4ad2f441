import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as nodeFiles from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEntry } from '#lib/host/log.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { serveRounds } from '#lib/trustee/serve.ts';
import { setKeyedStage } from './keyed-stage.ts';
import { type Actor, runRounds, type Stage, startAll } from './stage.ts';

let stage: Stage;
let actor: Actor;
const warnings = () => actor.lines.filter((line) => line.startsWith('WARNING'));

beforeEach(async () => {
  stage = await setKeyedStage();
  const actors = await startAll(stage);
  await runRounds(actors, 1);
  actor = actors[0] as Actor;
});
afterEach(() => stage.close());

it('what cannot be erased at work, because it cannot be read, is told once, and again when it comes back', async () => {
  const journal = path.join(actor.folder, 'statements', stage.context.id, 'journal.json');
  const erase = async (times: number) => {
    for (let i = 0; i < times; i++) await actor.trustee.eraseDue();
  };
  await erase(1);
  expect(warnings()).toEqual([]);
  const whole = readFileSync(journal);
  stage.clock.now = stage.context.statement.openBy + 1;
  writeFileSync(journal, '{');
  await erase(3);
  expect(warnings()).toEqual([expect.stringContaining(`statement ${stage.context.id.slice(0, 12)}: `)]);
  writeFileSync(journal, whole);
  await erase(1);
  stage.clock.now = destructionTime(stage.context.statement);
  writeFileSync(journal, '{');
  await erase(3);
  expect(warnings()).toHaveLength(2);
});

it('nothing in the keystore is read before its time', async () => {
  const reads: string[] = [];
  const readFile = ((name: string, encoding: 'utf8') => {
    reads.push(name);
    return nodeFiles.readFile(name, encoding);
  }) as typeof nodeFiles.readFile;
  const readdir = ((name: string) => {
    reads.push(name);
    return nodeFiles.readdir(name);
  }) as unknown as typeof nodeFiles.readdir;
  const again = await stage.start(1, { files: { ...nodeFiles, readFile, readdir } });
  await again.trustee.eraseDue();
  reads.length = 0;
  for (let second = 0; second < 100; second++) await again.trustee.eraseDue();
  expect(reads).toEqual([]);
  stage.clock.now = destructionTime(stage.context.statement);
  await again.trustee.eraseDue();
  expect(reads.map((name) => path.basename(name))).toContain('share.json');
  expect(existsSync(path.join(again.folder, 'statements', stage.context.id, 'share.json'))).toBe(false);
});

it('a failure of the clock’s work that lasts is told once', async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  let calls = 0;
  const trustee = {
    served: 0,
    runRound: async () => false,
    clockDoubt: () => null,
    eraseDue: async () => {
      calls++;
      throw new Error('the disk is gone');
    },
  };
  const serving = serveRounds(trustee, { pollSeconds: 1, signal: stop.signal, log: (entry) => void lines.push(describeEntry(entry)) });
  while (calls < 3) await sleep(100);
  stop.abort();
  await serving;
  expect(lines).toEqual(['WARNING: the disk is gone']);
});
