// npm run verify-membership -- FILE [--json]
// Checks a tally, the file with which an asker shows how many members have answered, with nothing but this checkout.
// Exit code 0: everything holds. 1: something does not. 2: there is no tally to check.
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { requireTallyText } from '#lib/checking/changed-file.ts';
import { checkTally, LARGEST_TALLY, type TallyReport } from '#lib/checking/check-tally.ts';
import { inUtc } from '#lib/checking/describe-report.ts';
import { describeGroups, describeMembers, TALLY_LIMITS } from '#lib/checking/describe-tally.ts';
import { createProofSystem } from '#lib/checking/proof-system.ts';
import { explainFailure } from '#lib/host/explain-failure.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { forTerminal, onOneLine, writeOutUnseen } from '#lib/protocol/messages/visible-text.ts';
import { callersPath, readCallersFile } from './command-line/callers-files.ts';
import { readCommandLine, runScript, UsageError } from './command-line/run-script.ts';
import { root } from './instance/runtime.ts';
import { wrapLines } from './signing/wrap-lines.ts';

const USAGE = `npm run verify-membership -- FILE [--json]

  FILE     the tally, as its asker gives it
  --json   the whole report as JSON

Exit code 0: everything holds. 1: something does not. 2: there is no tally to check.`;

await runScript(USAGE, async () => {
  process.exitCode = await run();
});

async function run(): Promise<number> {
  const { values, positionals } = readCommandLine({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
  const [place] = positionals;
  if (positionals.length !== 1 || !place) throw new UsageError('Name one file.');
  const { json } = values;
  try {
    const report = await checkTally(await readTally(callersPath(place)), await proofSystem());
    if (json) console.log(JSON.stringify({ ...report, limits: TALLY_LIMITS }, null, 2));
    else print(report);
    return report.ok ? 0 : 1;
  } catch (error) {
    console.error(forTerminal(explainFailure(error)));
    return 2;
  }
}

async function readTally(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > LARGEST_TALLY) throw new Error(`${file} is larger than any tally.`);
  return requireTallyText(readCallersFile(file));
}

async function proofSystem() {
  const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
  const manifest = await loadManifest(fetchFile);
  if (!manifest.ok) throw new Error('circuits/artifacts/manifest.json of this checkout is broken.');
  return createProofSystem(manifest.value, fetchFile, (length) => new Uint8Array(randomBytes(length)));
}

function print(report: TallyReport): void {
  const { challenge } = report;
  for (const { code, detail } of report.failures.slice(0, 200)) console.log(`FAILED  ${onOneLine(detail) || code} [${code}]`);
  if (!report.ok || !challenge) return console.log('\nTHIS TALLY DOES NOT HOLD. Do not rely on anything in it.');
  console.log(`Challenge   ${report.id}`);
  console.log(`Asker       ${onOneLine(challenge.asker.name)} (anybody can write this name), key ${challenge.asker.key}`);
  console.log(`Until       ${inUtc(challenge.expires)}`);
  const { columns } = process.stdout; // none where this goes into a file or to a program
  console.log(`Asked, in these words:\n\n${wrapLines(writeOutUnseen(challenge.purpose.text).text, columns, '│ ', '┊ ')}\n`);
  console.log(`${describeMembers(report)} have answered, each counted once.`);
  for (const [i, told] of describeGroups(report.groups).entries())
    console.log(`  ${told}, issuer's key ${report.groups[i]?.header.group.issuer}`);
  for (const limit of TALLY_LIMITS) console.log(`\nNote: ${limit}`);
}
