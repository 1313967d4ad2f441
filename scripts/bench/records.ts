import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { VERSION } from '#lib/protocol/statement/statement.ts';
import { root } from '../instance/runtime.ts';
import { makeBenchKey } from '../make-record/bench-key.ts';
import type { Row } from './measure.ts';
import { timeSingleProof } from './single-proofs.ts';

type Run = { seconds: number; megabytes: number; output: string; code: number | null };

/** Checking whole records by the command that anybody uses, at sizes a hundredfold apart. */
export async function benchRecords(quick: boolean, say: (what: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  const seconds = new Map<number, number>();
  const single = (await timeSingleProof()) / 1000;
  for (const size of quick ? [1_000] : [100, 1_000, 10_000]) {
    const file = await recordOf(size, false, say);
    say(`checking a record of ${size}`);
    const run = await check(file);
    if (run.code !== 0) throw new Error(`the record of ${size} was refused`);
    seconds.set(size, run.seconds);
    const smaller = seconds.get(size / 10);
    const baseline =
      smaller === undefined
        ? { name: 'its proofs alone, one after the other with snarkjs', value: single * size }
        : { name: 'ten times the tenth', value: smaller * 10 };
    rows.push({
      name: `checking a record of ${size.toLocaleString('en')}, 2 of 4 trustees, ${Math.round(run.megabytes)} MB`,
      unit: 's',
      value: run.seconds,
      baseline,
      ratio: run.seconds / baseline.value,
      goal: size === 10_000 ? 'at most 20 s on two cores, 500 MB' : 'linear',
      holds: size === 10_000 ? run.seconds <= 20 && run.megabytes <= 500 : null,
    });
  }
  if (!quick) rows.push(await benchFaults(seconds.get(10_000) as number, say));
  return rows;
}

async function benchFaults(sound: number, say: (what: string) => void): Promise<Row> {
  const file = await recordOf(10_000, true, say);
  say('checking a record of 10000 with three faults');
  const { output, seconds, code } = await check(file);
  const { failures } = JSON.parse(output) as { failures: { code: string }[] };
  const found = failures.map((failure) => failure.code).sort();
  return {
    name: `the same with three planted faults: ${found.join(', ')}`,
    unit: 's',
    value: seconds,
    baseline: { name: 'the sound one', value: sound },
    ratio: seconds / sound,
    goal: 'exactly these three',
    holds: code === 1 && found.join() === 'BAD_PROOF,MIX_PROOF,OPENING_PROOF',
  };
}

/** A synthetic record of that size; made once and kept in the system's folder for such things. */
async function recordOf(size: number, faulty: boolean, say: (what: string) => void): Promise<string> {
  const { hash } = await makeBenchKey();
  const folder = path.join(tmpdir(), `round-robin-bench-records-${VERSION}-${hash.slice(0, 16)}`);
  const file = path.join(folder, `${size}${faulty ? '-faults' : ''}.ndjson`);
  if (existsSync(file)) return file;
  say(`making a record of ${size}`);
  await mkdir(folder, { recursive: true });
  const run = await runNode(
    'scripts/make-record.ts',
    '--signatures',
    String(size),
    '--out',
    `${file}.part`,
    ...(faulty ? ['--faults'] : []),
  );
  if (run.code !== 0) throw new Error('the record could not be made');
  await rename(`${file}.part`, file);
  return file;
}

function check(file: string): Promise<Run> {
  return runNode('scripts/verify-record.ts', file, '--bench', '--json');
}

/** Runs a script of ours and looks at its memory ten times a second (Linux; elsewhere it is told as 0). */
function runNode(...args: string[]): Promise<Run> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let megabytes = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const looking = setInterval(async () => {
    megabytes = Math.max(megabytes, await peakMemory(child.pid ?? 0));
  }, 100);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(looking);
      resolve({ seconds: (performance.now() - start) / 1000, megabytes, output, code });
    });
  });
}

async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}
