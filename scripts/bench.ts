// Measures this program against baselines in the same run, so that ratios mean something on any machine. Takes half an hour and
// more the first time (it makes records and a key for Semaphore's circuit, kept in the system's temporary folder). `memory`
// posts 50,000 signatures, which takes ten minutes more, and runs only when it is named.
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAcceptance } from './bench/acceptance.ts';
import type { Row } from './bench/measure.ts';
import { benchMemory } from './bench/memory.ts';
import { benchMixing } from './bench/mixing.ts';
import { benchProving } from './bench/proving.ts';
import { benchRecords } from './bench/records.ts';
import { benchReveal } from './bench/reveal.ts';
import { benchRolls } from './bench/rolls.ts';
import { benchTrustee } from './bench/trustee.ts';
import { benchVerifying } from './bench/verifying.ts';

const flag = { type: 'boolean', default: false } as const;
const { values } = parseArgs({ options: { quick: flag, json: flag, only: { type: 'string' } } });
const { quick } = values;
const say = (what: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
};

const parts: Record<string, () => Promise<Row | Row[]>> = {
  proving: () => benchProving(quick, say),
  verifying: () => benchVerifying(quick),
  mixing: () => benchMixing(quick, say),
  reveal: () => benchReveal(quick, say),
  records: () => benchRecords(quick, say),
  rolls: () => benchRolls(quick),
  trustee: () => benchTrustee(quick, say),
  acceptance: () => benchAcceptance(quick, say),
  memory: () => benchMemory(quick, say),
};
/** What takes so long that only who asks for it gets it: posting 50,000 signatures. */
const ONLY_WHEN_ASKED = ['memory'];
const chosen = values.only?.split(',') ?? Object.keys(parts).filter((name) => !ONLY_WHEN_ASKED.includes(name));
const unknown = chosen.find((name) => !parts[name]);
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}". Parts: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  node: process.version,
  date: new Date().toISOString().slice(0, 10),
  /** Processes that wanted a core, in the last minute before the run: above 1 the times are of a busy machine. */
  load: Number(loadavg()[0]?.toFixed(1)),
};
const rows: Row[] = [];
for (const name of chosen) {
  say(name);
  for (const row of [await (parts[name] as () => Promise<Row | Row[]>)()].flat()) rows.push(row);
}
say('');
if (values.json) console.log(JSON.stringify({ machine, rows }, null, 2));
else print();
process.exit(0); // the prover keeps threads

function print(): void {
  const { processor, cores, memory, node, date, load } = machine;
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
