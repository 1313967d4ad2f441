import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentKey } from '#lib/proof/manifest.ts';
import type { RollHeader } from '#lib/protocol/member/roll.ts';
import { type Statement, statementId } from '#lib/protocol/statement/statement.ts';
import { judgeStatement } from '#lib/trustee/acceptance.ts';
import { STANDARD_POLICY } from '#lib/trustee/policy.ts';
import { BENCH_SETUP, makeBenchKey } from '#scripts/make-record/bench-key.ts';
import { readManifest } from '../signing/stage.ts';
import { openStatement, prepareStatement, publishGroup, startPlatform } from '../support/platform.ts';
import { createGroup, systemRandom } from '../support/world.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'make-record-'));
const [good, faulty] = ['good.ndjson', 'faulty.ndjson'].map((name) => path.join(folder, name)) as [string, string];

type Run = { code: number | null; out: string; err: string };

function start(args: string[], flags: string[] = []) {
  const child = spawn(process.execPath, [...flags, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  const ended = new Promise<Run>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return { child, ended };
}

const verify = (file: string, ...args: string[]) => start(['scripts/verify-record.ts', file, ...args]).ended;

beforeAll(async () => {
  const make = (file: string, ...more: string[]) => start(['scripts/make-record.ts', '--signatures', '201', '--out', file, ...more]).ended;
  expect(await make(good)).toMatchObject({ code: 0, err: '' });
  expect(await make(faulty, '--faults')).toMatchObject({ code: 0, err: '' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a record under the bench key', () => {
  it('is refused by the ordinary verifier for its key, and accepted by one that was asked for a bench', async () => {
    const refused = await verify(good, '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out).failures).toMatchObject([{ line: 1, step: 'statement', code: 'KEY_UNKNOWN' }]);
    const accepted = await verify(good, '--json', '--bench');
    expect(accepted.code).toBe(0);
    const report = JSON.parse(accepted.out);
    expect(report).toMatchObject({ ok: true, state: 'revealed', signatures: 201 });
    expect(report.names).toHaveLength(201);
    expect(report.caveats[0]).toContain('everybody can forge');
  });

  it('is refused naming exactly the three faults that were planted', async () => {
    const { code, out } = await verify(faulty, '--json', '--bench', '--threads', '1');
    expect(code).toBe(1);
    const lines = readFileSync(faulty, 'utf8').split('\n');
    const { failures, names } = JSON.parse(out) as { failures: { line: number; step: string; code: string }[]; names: unknown[] };
    expect(failures.map((failure) => failure.code).sort()).toEqual(['BAD_PROOF', 'MIX_PROOF', 'OPENING_PROOF']);
    const typeAt = (failed: string) => JSON.parse(lines[failures.find(({ code: name }) => name === failed)!.line - 1]!).type;
    expect(typeAt('BAD_PROOF')).toBe('entry');
    expect(typeAt('MIX_PROOF')).toBe('mix');
    expect(typeAt('OPENING_PROOF')).toBe('opening');
    expect(names).toHaveLength(201); // two other openings are enough
  });

  it('is no statement that a trustee joins or a platform opens', async () => {
    const { statement } = JSON.parse(readFileSync(good, 'utf8').split('\n')[0]!) as { statement: Statement };
    const { leaves: _, ...header } = JSON.parse(readFileSync(good, 'utf8').split('\n')[1]!) as RollHeader & { leaves: string[] };
    const manifest = await readManifest();
    const trustee = { descriptor: statement.committee.trustees[0]!, policy: STANDARD_POLICY };
    const terms = { ...trustee, platform: statement.platform, graceMargin: 1, manifest };
    const judged = judgeStatement(statementId(statement), { statement, rolls: [header] }, terms, statement.openBy - 1);
    expect(judged).toMatchObject({ ok: false, code: 'KEY_UNKNOWN' });

    const platform = await startPlatform();
    const group = createGroup(
      'Harbour pilots',
      Array.from({ length: 8 }, (_, i) => `Pilot ${i}`),
      systemRandom,
    );
    await publishGroup(platform, group);
    const { hash } = await makeBenchKey();
    expect(hash).toBe(statement.verificationKey);
    const { context } = prepareStatement(platform, [group], { count: 4 }, { verificationKey: hash, setup: BENCH_SETUP });
    await expect(openStatement(platform.ctx, context.statement)).rejects.toMatchObject({ code: 'KEY_NOT_CURRENT' });
    await platform.stop();
    expect(currentKey(manifest).verificationKey).not.toBe(hash);
  });
});

describe('a check that cannot be finished', () => {
  it('says that memory ran out, and nothing of the record', async () => {
    const roll = JSON.stringify({ type: 'roll', leaves: Array.from({ length: 400_000 }, (_, i) => String(i).padStart(70, '1')) });
    const hostile = path.join(folder, 'hostile.ndjson');
    writeFileSync(hostile, `${readFileSync(good, 'utf8').split('\n')[0]}\n${roll}\n`);
    const { code, out, err } = await start(['scripts/verify-record.ts', hostile, '--bench'], ['--max-old-space-size=40']).ended;
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('ran out of the memory');
  });

  it('ends at once when it is cancelled, and says that nothing is known', async () => {
    let asked = () => {};
    const reading = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = createServer((_request, response) => {
      response.write(readFileSync(good, 'utf8').slice(0, 200_000)); // and never the rest
      asked();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { child, ended } = start(['scripts/verify-record.ts', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, '--bench']);
    await reading;
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toContain('nothing is known of this record');
    server.closeAllConnections();
    server.close();
  });

  it('reports a file that was cut off as not sealed', async () => {
    const cut = path.join(folder, 'cut.ndjson');
    const bytes = readFileSync(good);
    writeFileSync(cut, bytes.subarray(0, bytes.length >> 1));
    const { code, out } = await verify(cut, '--bench', '--json');
    expect(code).toBe(1);
    expect((JSON.parse(out).failures as { code: string }[]).map((failure) => failure.code)).toContain('NO_END');
  });
});
