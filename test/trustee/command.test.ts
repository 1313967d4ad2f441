import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '#db/free-port.ts';
import { trusteeShape } from '#lib/protocol/statement/statement.ts';
import { isTrusteeLog, trusteeLogShape } from '#lib/trustee/trustee-log.ts';
import { type Stage, setStage } from './stage.ts';

const MANY_GROUPS = Array.from({ length: 1_001 }, (_, i) => String(i).padStart(64, '0')).join();

const script = ['--disable-warning=ExperimentalWarning', path.resolve(import.meta.dirname, '../../scripts/trustee.ts')];

function run(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...script, ...args], (error, output, errors) => {
      resolve({ code: error ? Number(error.code) : 0, output, errors });
    });
  });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'trustee-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run trustee', () => {
  it('makes a keystore once and prints its descriptor in one line, the same ever after', async () => {
    const keystore = path.join(folder, 'own');
    const first = await run('init', '--keystore', keystore, '--name', 'Notary Müller', '--contact', 'notary@example.org');
    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(first.output.trim().split('\n')).toHaveLength(1);
    expect(trusteeShape.parse(JSON.parse(first.output))).toMatchObject({ name: 'Notary Müller', contact: 'notary@example.org' });
    expect((await run('init', '--keystore', keystore, '--name', 'Other', '--contact', 'x')).output).toBe(first.output);
    expect((await run('status', '--keystore', keystore)).output).toMatch(
      /^policy: statements of any group; 500 at a time.*\nThis keystore holds no share\.\n$/,
    );
  });

  const mistakes: [string, string[], number, string][] = [
    ['without a command', [], 2, 'A command is missing.'],
    ['with an unknown command', ['open'], 2, 'There is no command "open".'],
    ['without a needed option', ['init', '--keystore', '/tmp/x', '--name', 'A'], 2, 'The option --contact is missing.'],
    ['with an unknown option', ['status', '--keystore', '/tmp/x', '--force'], 2, "Unknown option '--force'"],
    ['with an address that is none', ['serve', '--keystore', '/tmp/x', '--platform', 'example'], 2, '--platform needs an address'],
    [
      'with a pause of zero',
      ['serve', '--keystore', '/tmp/x', '--platform', 'http://localhost', '--poll-seconds', '0'],
      2,
      '--poll-seconds needs',
    ],
    [
      'with groups that are none',
      ['serve', '--keystore', '/tmp/x', '--platform', 'http://localhost', '--groups', 'Crew'],
      2,
      '--groups needs ids',
    ],
    [
      'with more groups than a policy can name',
      ['serve', '--keystore', '/tmp/x', '--platform', 'http://localhost', '--groups', MANY_GROUPS],
      2,
      '--groups takes 1000 ids at most, not 1001',
    ],
    ['on a folder that is no keystore', ['status', '--keystore', '/nowhere/at/all'], 1, 'There is no keystore in /nowhere/at/all.'],
  ];
  it.each(mistakes)('says what is wrong when called %s', async (_, args, code, sentence) => {
    const ended = await run(...args);
    expect(ended.code).toBe(code);
    expect(ended.errors).toContain(sentence);
    expect(ended.errors.includes('Usage:')).toBe(code === 2);
    expect(ended.output).toBe('');
  });
});

describe('npm run trustee -- serve', () => {
  let stage: Stage;
  const serving: ChildProcess[] = [];
  const lines: string[] = [];

  beforeAll(async () => {
    const now = Math.floor(Date.now() / 1000);
    stage = await setStage({ change: { openBy: now + 600, deadline: now + 1200, grace: 2000 } });
    stage.clock.now = now;
  });
  afterAll(async () => {
    for (const child of serving) child.kill('SIGKILL');
    await stage.close();
  });

  it('makes a key with the others over HTTP alone, shows the share it holds, and ends in order', async () => {
    for (const trustee of [1, 2, 3, 4]) {
      const options = [
        '--keystore',
        await stage.keystoreOf(trustee),
        '--platform',
        stage.board.url,
        '--grace-margin-seconds',
        '900',
        '--poll-seconds',
        '1',
        ...['--most-open', '7'],
      ];
      const child = spawn(process.execPath, [...script, 'serve', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
      createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
      serving.push(child);
    }
    await expect.poll(() => lines.filter((line) => line.includes('the key is made')).length, { timeout: 55_000 }).toBe(4);
    expect(stage.keyed().verificationKeys).toHaveLength(4);

    const keystore = await stage.keystoreOf(1);
    const second = await run('serve', '--keystore', keystore, '--platform', stage.board.url);
    expect(second).toMatchObject({ code: 1, output: '' });
    expect(second.errors).toContain('Another process is using the keystore');
    expect((await run('status', '--keystore', keystore)).output).toMatch(
      new RegExp(`^policy: .*; 7 at a time.*\n${stage.context.id}  keyed  trustee 1 of 4, 2 open`),
    );
    const log = trusteeLogShape.parse(JSON.parse((await run('publish-log', '--keystore', keystore)).output));
    expect(isTrusteeLog(log)).toBe(true);
    expect(log.statements).toEqual([{ statement: stage.context.id, transcript: stage.keyed().transcript }]);

    for (const child of serving) {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
  });

  it('waits for a platform that does not answer, and says so once', async () => {
    const options = [
      '--keystore',
      await stage.keystoreOf(1),
      '--platform',
      `http://127.0.0.1:${await findFreePort()}`,
      '--poll-seconds',
      '1',
    ];
    const child = spawn(process.execPath, [...script, 'serve', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    serving.push(child);
    const heard: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => heard.push(line));
    await expect.poll(() => heard.length, { timeout: 55_000 }).toBe(3);
    expect(heard[0]).toContain('; 7 at a time'); // as it was told before
    expect(heard[2]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ no answer from the platform: NETWORK: .*ECONNREFUSED.*; trying again$/);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
