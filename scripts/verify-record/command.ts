import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import type { AcceptedKey } from '#lib/checking/accepted-keys.ts';
import { CheckFailed, checkInThreads } from '#lib/checking/check-in-threads.ts';
import { describeFutureSeal, listCaveats, listSteps } from '#lib/checking/describe-report.ts';
import { STANDARD_INPUT } from '#lib/checking/open-source.ts';
import type { Manifest } from '#lib/proof/manifest.ts';
import { forTerminal } from '#lib/protocol/messages/visible-text.ts';
import type { RecordReport } from '#lib/protocol/record/report.ts';
import { callersPath } from '../command-line/callers-files.ts';
import { printReport, showProgress } from './print-report.ts';

export type CommandSetup = {
  /** How the command is called, for the line that explains it. */
  usage: string;
  manifest: Manifest;
  loadKeys(): Promise<AcceptedKey[]>;
  /** The key for measuring; absent where there must be no way to accept it. */
  loadBenchKey?: () => Promise<AcceptedKey>;
  /** The script that threads are started with. */
  threadFile: string;
};

type Arguments = { place: string; json: boolean; bench: boolean; threads: number };

const HELP = `Checks a record of Round Robin from its first line to its last, and asks no server.

  FILE         the record, a file that ends in .ndjson
  URL          an address of http or https from which it is downloaded
  -            the record comes in on standard input
  --json       the whole report as JSON
  --threads N  how many threads do what takes long, from 1 to 64; all cores if it is not said

Exit code 0: everything holds. 1: something does not. 2: there is no record to check, or the check was not finished.
`;

/** Runs the command line of the record check and returns its exit code: 0 all holds, 1 something does not, 2 no record or not finished. */
export async function runCommand(setup: CommandSetup): Promise<number> {
  // Before any thread is started: each would keep half as much again of what it has thrown away.
  setFlagsFromString('--optimize-for-size');
  try {
    const given = readArguments(setup);
    if (given === 'help') {
      await write(`${setup.usage}\n\n${HELP}`);
      return 0;
    }
    const { place, json, bench, threads } = given;
    const accepted = await setup.loadKeys();
    if (bench && setup.loadBenchKey) accepted.push(await setup.loadBenchKey());
    const report = await check({ place, accepted, threads, file: setup.threadFile }, json);
    const future = describeFutureSeal(report, Math.floor(Date.now() / 1000));
    const caveats = [...(future ? [future] : []), ...listCaveats(report, setup.manifest)];
    if (bench) caveats.unshift('A key under which everybody can forge was accepted: this is a measurement and says nothing.');
    if (json) await write(`${JSON.stringify({ ...report, steps: listSteps(report), caveats }, null, 2)}\n`);
    else printReport(report, caveats);
    return report.ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${forTerminal(error instanceof Error ? error.message : String(error))}\n`);
    return error instanceof CheckFailed && error.kind === 'cancelled' ? 130 : 2;
  }
}

function readArguments({ usage, loadBenchKey }: CommandSetup): Arguments | 'help' {
  const misuse = (reason: string) => new CheckFailed('misuse', `${reason}\n\n  ${usage}`);
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    json: flag,
    help: { ...flag, short: 'h' },
    threads: { type: 'string' },
    ...(loadBenchKey ? { bench: flag } : {}),
  } as const;
  let parsed: { values: { json?: unknown; bench?: unknown; help?: unknown; threads?: string }; positionals: string[] };
  try {
    parsed = parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw misuse((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [place] = positionals;
  if (positionals.length !== 1 || !place) throw misuse('Name one file or address, or - for standard input.');
  const threads = values.threads === undefined ? availableParallelism() : Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) throw misuse('--threads takes a number from 1 to 64.');
  const isPath = place !== STANDARD_INPUT && !/^https?:\/\//.test(place);
  const absolute = isPath ? callersPath(place) : place;
  return { place: absolute, json: values.json === true, bench: values.bench === true, threads };
}

async function check(task: Parameters<typeof checkInThreads>[0], quiet: boolean): Promise<RecordReport> {
  const onProgress = quiet || !process.stderr.isTTY ? undefined : showProgress();
  const cancelling = new AbortController();
  const cancel = () => cancelling.abort();
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  try {
    return await checkInThreads({ ...task, signal: cancelling.signal, ...(onProgress ? { onProgress } : {}) });
  } finally {
    process.off('SIGINT', cancel);
    process.off('SIGTERM', cancel);
    if (onProgress) process.stderr.write('\r\u001b[K');
  }
}

/** Waits until a pipe has taken everything: a report of thousands of names is longer than its buffer. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
