// npm run verify-record -- FILE|URL [--json]
// Checks a record with nothing but this checkout: no server is asked, except for the file itself where a URL is given.
// Exit code 0: everything holds. 1: something does not. 2: there is no record to check.
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type CheckProgress, checkRecord } from '../lib/checking/check-record.ts';
import { describeOutcome, listCaveats, listSteps } from '../lib/checking/describe-report.ts';
import { createProofSystem } from '../lib/checking/proof-system.ts';
import { chunksOf, UnreadableRecord } from '../lib/checking/split-lines.ts';
import { loadManifest } from '../lib/proof/artifacts.ts';
import { readFromDisk } from '../lib/proof/disk.ts';
import type { ProofSystem, RecordReport } from '../lib/protocol/record-report.ts';
import { root } from './instance/runtime.ts';

const USAGE = 'npm run verify-record -- FILE|URL [--json]';
const MOST_FAILURES_SHOWN = 200;

type Source = { bytes: AsyncIterable<Uint8Array>; total: number | null };

/** A reason that lies with the caller and not with the record. */
class Misuse extends Error {}

process.stdout.on('error', () => process.exit(1)); // the reader of our output has gone

try {
  const { place, json } = readArguments();
  const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
  const manifest = await loadManifest(fetchFile);
  if (!manifest.ok) throw new Misuse('circuits/artifacts/manifest.json of this checkout is broken.');
  const proofs = createProofSystem(manifest.value, fetchFile, (length) => new Uint8Array(randomBytes(length)));
  const report = await check(await openSource(place), proofs, json);
  const caveats = listCaveats(report, manifest.value);
  if (json) console.log(JSON.stringify({ ...report, steps: listSteps(report), caveats }, null, 2));
  else print(report, caveats);
  process.exitCode = report.ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof UnreadableRecord ? `This is not a record of Round Robin. ${error.message}` : messageOf(error));
  process.exitCode = 2;
}

function readArguments(): { place: string; json: boolean } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
    if (positionals.length !== 1) throw new Misuse('Name one file or address.');
    return { place: positionals[0] as string, json: values.json };
  } catch (error) {
    throw new Misuse(`${messageOf(error)}\n\n  ${USAGE}`);
  }
}

async function openSource(place: string): Promise<Source> {
  if (/^https?:\/\//.test(place)) return openUrl(place);
  // npm runs scripts in the folder of the checkout; the caller means the one it stands in.
  const file = path.resolve(process.env.INIT_CWD ?? process.cwd(), place);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new Misuse(`There is no file ${file}.`);
  return { bytes: createReadStream(file, { highWaterMark: 1 << 20 }), total: found.size };
}

async function openUrl(url: string): Promise<Source> {
  const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' }).catch((error: unknown) => {
    throw new Misuse(`${url} cannot be reached (${messageOf(error)}).`);
  });
  if (!response.ok || !response.body) throw new Misuse(`${url} answered with status ${response.status}.`);
  return { bytes: chunksOf(response.body), total: null };
}

async function check({ bytes, total }: Source, proofs: ProofSystem, quiet: boolean): Promise<RecordReport> {
  const onProgress = quiet || !process.stderr.isTTY ? undefined : showProgress(total);
  const report = await checkRecord(bytes, proofs, onProgress ? { onProgress } : {});
  if (onProgress) process.stderr.write('\r\u001b[K');
  return report;
}

/** One line that is written over ten times a second, for a person who waits. */
function showProgress(total: number | null): (progress: CheckProgress) => void {
  const start = performance.now();
  let last = 0;
  return ({ bytes, lines, checked, failures }) => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    const left = total && bytes > 0 ? ((now - start) / 1000) * (total / bytes - 1) : null;
    const share = total ? `${Math.floor((100 * bytes) / total)} %, ` : '';
    const rest = left === null ? '' : `, ${Math.ceil(left)} s left`;
    process.stderr.write(`\r\u001b[K${share}${lines} lines, ${checked.proofs} proofs, ${failures.length} failures${rest}`);
  };
}

function print(report: RecordReport, caveats: readonly string[]): void {
  const { statement } = report;
  if (statement) {
    console.log(`Statement   ${statement.text[0]?.title ?? ''}`);
    if (report.id) console.log(`Hash        ${report.id}`);
    if (report.writtenAt !== null) console.log(`Written     ${timeOf(report.writtenAt)}`);
    console.log('');
  }
  for (const { step, sentence, checked, failed, passed } of listSteps(report)) {
    const mark = passed === null ? '  --  ' : passed ? '  ok  ' : 'FAILED';
    const count = passed === null ? 'none' : failed > 0 ? `${checked} checked, ${failed} failed` : `${checked} checked`;
    console.log(`${mark}  ${step.padEnd(13)} ${sentence} (${count})`);
  }
  printFailures(report);
  for (const caveat of caveats) console.log(`\nNote: ${caveat}`);
  console.log(`\n${report.ok ? describeOutcome(report) : 'THIS RECORD DOES NOT HOLD. Do not rely on anything in it.'}`);
  if (report.ok)
    for (const signer of report.names) console.log(`  ${'name' in signer ? signer.name : `(no readable name: ${signer.undecodable})`}`);
  console.log(`\n${report.lines} lines, ${report.failures.length === 0 ? 'no failure' : `${report.failures.length} failures`}.`);
}

function printFailures({ failures }: RecordReport): void {
  if (failures.length > 0) console.log('');
  for (const { line, code, detail } of failures.slice(0, MOST_FAILURES_SHOWN))
    console.log(`${line > 0 ? `Line ${line}` : 'Missing line'}: ${detail || code} [${code}]`);
  if (failures.length > MOST_FAILURES_SHOWN) console.log(`… and ${failures.length - MOST_FAILURES_SHOWN} more; --json lists all.`);
}

/** UTC, so that two people see the same. */
function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
