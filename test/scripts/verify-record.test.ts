import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSampleRecord } from '../checking/sample-record.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'verify-record-'));
let lines: string[];
let sample: string;
beforeAll(async () => {
  lines = await makeSampleRecord();
  sample = write('sample.ndjson', text(lines));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (of: readonly string[]) => `${of.join('\n')}\n`;

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

type Run = { code: number | null; out: string; err: string };

const run = (...args: string[]): Promise<Run> => runOn('ignore', ...args);

/** For what does not depend on the number of threads, each of which takes time to start. */
const runOnOneThread = (...args: string[]): Promise<Run> => run('--threads', '1', ...args);

async function runOn(input: 'ignore' | number | string, ...args: string[]): Promise<Run> {
  const stdin = typeof input === 'string' && input !== 'ignore' ? 'pipe' : input;
  const child = spawn(process.execPath, ['scripts/verify-record.ts', ...args], { stdio: [stdin as 'pipe', 'pipe', 'pipe'] });
  if (stdin === 'pipe') child.stdin.end(input);
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

describe('npm run verify-record', () => {
  it('accepts a good record, lists every check and prints the names', async () => {
    const { code, out, err } = await run(sample);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out.match(/^ {2}ok {2} /gm)).toHaveLength(12);
    expect(out).toContain('  --    destruction');
    expect(out).toMatch(/^Group {7}“.+”: \d+ members, issuer's key [0-9a-f]{64}$/m); // anybody can give a group this name
    expect(out).toContain('2 people signed together');
    expect(out).toContain('Member 5, Ward Ñ’4');
    expect(out).toContain('Member 7, Ward Ñ’6');
  });

  it('reads the same record from an address', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/record') response.end(text(lines));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await runOnOneThread(`${origin}/record`)).code).toBe(0);
    expect(await run(`${origin}/nothing`)).toMatchObject({ code: 2, err: expect.stringContaining('404') });
    server.close();
  });

  it('rejects an altered line and names it', async () => {
    const at = lines.findIndex((line) => line.includes('"type":"entry"'));
    const altered = lines.with(
      at,
      (lines[at] as string).replace(/"nullifier":"(\d+)(\d)"/, (_, rest, digit) => `"nullifier":"${rest}${(Number(digit) + 1) % 10}"`),
    );
    const { code, out } = await runOnOneThread(write('altered.ndjson', text(altered)));
    expect(code).toBe(1);
    expect(out).toContain(`Line ${at + 1}: the proof does not hold for this statement, roll and key [BAD_PROOF]`);
    expect(out).toContain('THIS RECORD DOES NOT HOLD');
    expect(out).not.toContain('signed together');
  });

  it('says that a file was cut off, between lines or within one', async () => {
    const between = await runOnOneThread(write('cut.ndjson', text(lines.slice(0, -1))));
    expect(between.code).toBe(1);
    expect(between.out).toContain('[NO_END]');
    const within = await runOnOneThread(write('torn.ndjson', text(lines).slice(0, -100)));
    expect(within.code).toBe(1);
    expect(within.out).toContain(`Line ${lines.length}: the file stops within its last line: it is cut off [LINE_CUT]`);
    const atTheLastByte = await runOnOneThread(write('nearly.ndjson', text(lines).slice(0, -1)), '--json');
    expect(atTheLastByte.code).toBe(1);
    expect(JSON.parse(atTheLastByte.out).failures).toMatchObject([{ line: lines.length, step: 'end', code: 'LINE_CUT' }]);
  });

  it('flags two names that look the same, and prints nothing that could rearrange what it says', async () => {
    const names = ['a', 'b', 'c', 'd', 'Ann Lee', 'f', 'Ann\u200b Lee', 'h'];
    const text_ = [{ language: 'en', title: 'Pay \u202e001\u2069', body: 'Text' }];
    const { code, out } = await runOnOneThread(write('names.ndjson', text(await makeSampleRecord({ names, change: { text: text_ } }))));
    expect(code).toBe(0);
    expect(out).toMatch(/The name \u2068“Ann(‹U\+200B›)? Lee”\u2069 stands more than once/);
    expect(out).toContain('Statement   Pay ‹U+202E›001‹U+2069›\n');
    expect(out.replace(/\u2068[^\u2069\n]*\u2069/g, '')).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  it('gives the whole report to machines', async () => {
    const { code, out } = await run(sample, '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ ok: true, failures: [], state: 'revealed', lines: lines.length, signatures: 2 });
    expect(report.steps).toHaveLength(13);
    expect(report.names).toHaveLength(2);
    const bad = await runOnOneThread(write('order.ndjson', text([lines[1] as string, lines[0] as string, ...lines.slice(2)])), '--json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out).failures[0]).toMatchObject({ line: 1, code: 'NO_HEADER' });
  });

  it('says in a sentence what is no record at all', async () => {
    const picture = await run(write('picture.png', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 10, 1])));
    expect(picture).toMatchObject({ code: 2, err: expect.stringContaining('not a record') });
    expect(await run(write('empty.ndjson', ''))).toMatchObject({ code: 2, err: expect.stringContaining('empty') });
    expect(await runOnOneThread(write('prose.txt', 'Dear Captain,\nwe the undersigned\n'))).toMatchObject({
      code: 1,
      out: expect.stringContaining('Line 1'),
    });
    expect(await run(path.join(folder, 'absent'))).toMatchObject({ code: 2, err: expect.stringContaining('is not there') });
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('verify-record -- FILE|URL|-') });
    expect(await run(sample, '--fast')).toMatchObject({ code: 2, err: expect.stringContaining('--fast') });
  });

  it('reads what is piped in, or a file as standard input', async () => {
    expect(await runOn(text(lines), '--threads', '1', '-')).toMatchObject({ code: 0, err: '' });
    const file = openSync(sample, 'r');
    expect(await runOn(file, '--threads', '1', '-')).toMatchObject({ code: 0, err: '' });
    closeSync(file);
    expect(await runOn('ignore', '-')).toMatchObject({ code: 2, err: expect.stringContaining('file is empty') });
  });

  it('says in a sentence what else is no file, and never waits for what does not come', async () => {
    expect(await run(folder)).toMatchObject({ code: 2, err: expect.stringContaining('is a folder. Name the record in it') });
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await run(pipe)).toMatchObject({ code: 2, err: expect.stringContaining('is a named pipe, not a file') });
    expect(await run('/dev/zero')).toMatchObject({ code: 2, err: expect.stringContaining('is a device, not a file') });
    expect(await run(path.join(sample, 'within'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('within cannot be: what stands for a folder in it is a file'),
    });
    const unreadable = openSync(folder, 'r');
    expect(await runOn(unreadable, '-')).toMatchObject({ code: 2, err: expect.stringContaining('Standard input is a folder') });
    closeSync(unreadable);
  });

  it('explains itself when it is asked to', async () => {
    for (const flag of ['--help', '-h']) {
      const { code, out, err } = await run(flag);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('verify-record -- FILE|URL|-');
      expect(out).toContain('standard input');
    }
  });

  it('says that a download broke off', async () => {
    const server = createServer((request, response) => {
      response.writeHead(200, { 'Content-Length': text(lines).length + 10 });
      response.write(text(lines).slice(0, -50));
      setTimeout(() => request.socket.destroy(), 50);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { code, err } = await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/record`);
    expect(code).toBe(2);
    expect(err).toContain('broke off before its end, so nothing is known of this record');
    server.close();
  });

  it('ends for 100,000 empty lines and counts them', async () => {
    const { code, out } = await runOnOneThread(write('lines.ndjson', '\n'.repeat(100_000)));
    expect(code).toBe(1);
    expect(out).toContain('100,000 lines, 100,001 failures.');
    expect(out).toContain('and 99801 more; --json lists the first 1000.');
  });
});
