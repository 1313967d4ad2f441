import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'demo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const UPPER = [
  'Siobhán Ó Súilleabháin',
  "D’Arcy O'Brien",
  'Nguyễn Thị Ánh',
  'José "Pepe" Núñez, Chair',
  '李秀英',
  'نور الهدى',
  'Ægir Þórsson',
  'Zoë X',
];
const LOWER = ['Ann', 'Bo', 'Cy', 'Di', 'Ed', 'Flo', 'Gus', 'Hal', 'Ann'];

function writeRoster(): string {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = [...UPPER.map((name) => [name, 'Upper house']), ...LOWER.map((name) => [name, 'Lower house'])];
  const lines = rows.map(([name, group], i) => [quote(name as string), `p${i}@example.org`, quote(group as string)].join(','));
  const file = path.join(folder, 'roster.csv');
  writeFileSync(file, `\ufeffname,email,group\r\n${lines.join('\r\n')}\r\n`);
  return file;
}

type Run = { code: number | null; out: string; err: string };

async function run(script: string, ...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: folder } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

describe('npm run demo', () => {
  it('reveals exactly those who signed, by a trigger over two groups, and leaves nothing behind but the record', async () => {
    const record = path.join(folder, 'record.ndjson');
    const trigger = '{"all":[{"group":"<Upper house>","count":3},{"group":"<Lower house>","count":2}]}';
    const demo = await run('scripts/demo.ts', '--roster', writeRoster(), '--signers', '7', '--trigger', trigger, '--record', record);
    expect([demo.code, demo.err]).toEqual([0, '']);
    expect(demo.out).toContain('row 18: This name stands in row 10 too');
    expect(demo.out).toContain('roll 1 of “Lower house” is published: 9 members');
    expect(demo.out).toContain('and nothing is open');
    expect(demo.out).toContain('a second signature by one of them is refused');
    expect(demo.out).toContain('Exactly the 7 names that signed came out, and no other.');

    const check = await run('scripts/verify-record.ts', record, '--json');
    expect(check.code).toBe(0);
    const report = JSON.parse(check.out) as { names: { name: string }[]; signatures: number };
    expect(report.signatures).toBe(7);
    for (const { name } of report.names) expect([...UPPER, ...LOWER]).toContain(name);
    expect(readFileSync(record, 'utf8')).not.toContain('example.org');
    expect(readdirSync(folder).filter((name) => name.startsWith('round-robin-demo-'))).toEqual([]);
  }, 900_000);

  it('says at once what cannot work, before it starts anything', async () => {
    const roster = writeRoster();
    const demo = (...args: string[]) => run('scripts/demo.ts', '--roster', roster, ...args);
    const started = 'Starting a platform';
    const cases: [string[], string, number?][] = [
      [['--signers', '3', '--trigger', '{"group":"<Upper house>","count":4}'], '3 of the people on this roster cannot meet the trigger'],
      [['--trigger', '{"group":"<Middle house>","count":1}'], 'names the group “Middle house”'],
      [['--trigger', 'five'], 'not JSON'],
      [['--signers', '18'], 'cannot be used'],
      [['--signers', 'all'], 'whole number', 2],
    ];
    for (const [args, message, expected = 1] of cases) {
      const { code, out, err } = await demo(...args);
      expect([args, code, out.includes(started)]).toEqual([args, expected, false]);
      expect(err).toContain(message);
    }
    const broken = path.join(folder, 'broken.csv');
    writeFileSync(broken, 'name,email\nAnn,a@example.org\n,b@example.org\n');
    expect(await run('scripts/demo.ts', '--roster', broken)).toMatchObject({
      code: 1,
      err: expect.stringContaining('row 3: There is no name'),
    });
  });
});
