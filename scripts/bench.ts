// Measures this program against baselines in the same run, so that ratios mean something on any machine. Takes half an hour and
// more the first time (it makes records and a key for Semaphore's circuit, kept in the system's temporary folder). `memory`
// posts 50,000 signatures, which takes ten minutes more, and runs only when it is named.
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { benchAcceptance } from './bench/acceptance.ts';
import type { Row } from './bench/measure.ts';
import { benchMemory } from './bench/memory.ts';
import { benchMixing } from './bench/mixing.ts';
import { benchPoints } from './bench/points.ts';
import { benchProcesses } from './bench/processes.ts';
import { benchProving } from './bench/proving.ts';
import { benchRecords } from './bench/records.ts';
import { benchReveal } from './bench/reveal.ts';
import { benchRolls } from './bench/rolls.ts';
import { benchRoster } from './bench/roster.ts';
import { benchTrustee } from './bench/trustee.ts';
import { benchVerifying } from './bench/verifying.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';

type Machine = { processor: string; cores: number; memory: string; node: string; date: string; load: number };

const say = (what: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
};

const parts = new Map<string, (quick: boolean) => Promise<Row | Row[]>>([
  ['proving', (quick) => benchProving(quick, say)],
  ['verifying', (quick) => benchVerifying(quick)],
  ['points', (quick) => benchPoints(quick)],
  ['mixing', (quick) => benchMixing(quick, say)],
  ['reveal', (quick) => benchReveal(quick, say)],
  ['records', (quick) => benchRecords(quick, say)],
  ['rolls', (quick) => benchRolls(quick)],
  ['roster', (quick) => benchRoster(quick)],
  ['trustee', (quick) => benchTrustee(quick, say)],
  ['acceptance', (quick) => benchAcceptance(quick, say)],
  ['processes', (quick) => benchProcesses(quick, say)],
  ['memory', (quick) => benchMemory(quick, say)],
]);
/** What takes so long that only who asks for it gets it: posting 50,000 signatures. */
const ONLY_WHEN_ASKED = ['memory'];
const USAGE = `npm run bench -- [--quick] [--json] [--only PART,PART]

  --quick   smaller numbers, for a first look
  --json    machine and rows as JSON
  --only    of these parts: ${[...parts.keys()].join(', ')}`;

await runScript(USAGE, async () => {
  const flag = { type: 'boolean', default: false } as const;
  const { quick, json, only } = readCommandLine({ options: { quick: flag, json: flag, only: { type: 'string' } } }).values;
  const chosen = only?.split(',') ?? [...parts.keys()].filter((name) => !ONLY_WHEN_ASKED.includes(name));
  const runs = chosen.map((name) => [name, needPart(name)] as const);
  const machine = describeMachine();
  const rows: Row[] = [];
  for (const [name, run] of runs) {
    say(name);
    for (const row of [await run(quick)].flat()) rows.push(row);
  }
  say('');
  if (json) console.log(JSON.stringify({ machine, rows }, null, 2));
  else print(machine, rows);
  process.exit(0); // the prover keeps threads
});

function needPart(name: string): (quick: boolean) => Promise<Row | Row[]> {
  const part = parts.get(name);
  if (!part) throw new UsageError(`There is no part "${name}".`);
  return part;
}

function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    /** Processes that wanted a core, in the last minute before the run: above 1 the times are of a busy machine. */
    load: Number(loadavg()[0]?.toFixed(1)),
  };
}

function print({ processor, cores, memory, node, date, load }: Machine, rows: readonly Row[]): void {
  console.log(`${date}, ${processor}, ${cores} cores, ${memory}, Node ${node}, load before: ${load}\n`);
  console.log('| what | measured | baseline of the same run | ratio | goal | holds |');
  console.log('|---|---|---|---|---|---|');
  for (const { name, unit, value, baseline, ratio, goal, holds } of rows) {
    const other = `${format(baseline.value)} ${unit}: ${baseline.name}`;
    const verdict = holds === null ? '' : holds ? 'yes' : 'NO';
    console.log(`| ${name} | ${format(value)} ${unit} | ${other} | ${ratio.toFixed(2)} | ${goal} | ${verdict} |`);
  }
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toPrecision(2);
}
