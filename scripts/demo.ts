// npm run demo -- [--roster FILE.csv] [--signers N] [--trigger JSON] [--together B] [--record OUT] [--url URL --issuer-link LINK]
//
// Plays everybody at once on real parts: an issuer that enrols everyone on a roster, N of them who sign with real proofs over
// HTTP, and a stranger who checks the record. Exit code 0 only if exactly the N names that signed come out, and no other.
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApi } from '#lib/api/client.ts';
import { describeOutcome, listSteps } from '#lib/checking/describe-report.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { runScript } from './command-line/run-script.ts';
import { type DemoOptions, readDemoArguments, USAGE } from './demo/arguments.ts';
import { checkOutcome, saveRecord, waitForBoard, waitForReveal } from './demo/check-outcome.ts';
import { allotSigners, shuffle } from './demo/choose-signers.ts';
import { type EnrolledMember, enrolEveryone, readRoster } from './demo/enrol-everyone.ts';
import { type FilledTrigger, fillTrigger, type NamedGroup, sizesOf } from './demo/fill-trigger.ts';
import { need } from './demo/need.ts';
import { openDemoStatement, waitForKey } from './demo/open-statement.ts';
import { signAll } from './demo/sign-all.ts';
import { root } from './instance/runtime.ts';
import { type Instance, startInstance } from './instance/start-instance.ts';

const random = (length: number) => new Uint8Array(randomBytes(length));
const now = () => Math.floor(Date.now() / 1000);
const start = performance.now();
const log = (line: string) => console.log(line);
const step = (line: string) => log(`[${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s] ${line}`);

let instance: Instance | undefined;
const folder = mkdtempSync(path.join(tmpdir(), 'round-robin-demo-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void finish(130));

await runScript(USAGE, async () => {
  try {
    await play(readDemoArguments(process.argv.slice(2)));
  } finally {
    await instance?.stop();
  }
  process.exit(0); // the prover keeps threads
});

async function finish(code: number): Promise<never> {
  await instance?.stop();
  process.exit(code);
}

async function play(options: DemoOptions): Promise<void> {
  const roster = readRoster(options.roster, log);
  const drafts = [...roster].map(([name, rows]) => ({ id: name, name, size: rows.length }));
  requirePossible(options, drafts); // before half a minute is spent on a platform
  if (options.record) closeSync(openSync(options.record, 'a')); // and minutes on what goes there

  const platform = options.platform ?? (await startPlatform());
  const api = createApi(platform.url, fetch);
  const fetchFile = readFromDisk(path.join(root, 'circuits', 'artifacts'));
  const manifest = need(await loadManifest(fetchFile));
  const { trustees } = await api.getPlatform();

  step(`Enrolling everyone on ${path.basename(options.roster)}`);
  const recognised = trustees.map((trustee) => trustee.key);
  const groups = await enrolEveryone(platform, roster, recognised, { random, now, log });
  const named = groups.map(({ id, name, header }) => ({ id, name, size: header.size }));
  const conditions = conditionsOf(options, named);

  step(
    `Opening a statement with the trigger ${JSON.stringify(conditions.trigger)}, ${conditions.together} or more names of a group at a time`,
  );
  const id = await openDemoStatement(api, groups, conditions, { random, now });
  log('  a member has opened it, and only platform and trustees have seen that member’s proof');
  const loaded = await waitForKey(api, id, manifest);
  log(`  ${trustees.length} trustees have made its key; statement ${id}`);

  const allotted = allotSigners(conditions, sizesOf(named), options.signers);
  if (!allotted) throw new Error('So few signers cannot meet this trigger.');
  const signers = shuffle(groups.flatMap((group): EnrolledMember[] => shuffle(group.members).slice(0, allotted.get(group.id))));
  step(`${signers.length} of ${named.reduce((sum, group) => sum + group.size, 0)} sign, each with a real proof`);
  const scene = { api, loaded, random, now, log };
  const receipts = await signAll(scene, signers);

  step('Waiting for the board and the reveal');
  const last = await waitForBoard(scene, receipts, now);
  log(`  all ${receipts.length} receipts are honoured; enough trustees vouch for checkpoint ${last}`);
  await waitForReveal(api, id, signers.length);
  log(`  ${signers.length} names are mixed and open`);

  step('Checking the record, as anybody can');
  const file = options.record ?? path.join(folder, 'record.ndjson');
  await saveRecord(api, id, file);
  const names = signers.map((signer) => signer.name);
  const report = await checkOutcome(file, { id, names }, { manifest, fetchFile, random });
  for (const { step: name, checked, passed } of listSteps(report)) if (passed) log(`  ok  ${name} (${checked})`);
  log(`\n${describeOutcome(report)}`);
  for (const { name } of report.names) log(`  ${name ?? 'a name that cannot be read'}`);
  log(
    `\nExactly the ${names.length} names that signed came out, and no other.${options.record ? ` The record is ${options.record}.` : ''}`,
  );
}

async function startPlatform(): Promise<{ url: string; issuerToken: string }> {
  step('Starting a platform that is thrown away afterwards: database, web server, four trustees');
  const lines: string[] = [];
  try {
    instance = await startInstance({
      dataFolder: folder,
      mode: 'start',
      settings: {},
      firstPort: 0,
      durable: false,
      graceMarginSeconds: 0,
      pollSeconds: 1,
      log: (line) => (line.startsWith('Building') ? log(line) : lines.push(line)),
    });
  } catch (error) {
    for (const line of lines.slice(-40)) console.error(line);
    throw error;
  }
  return { url: instance.url, issuerToken: new URL(instance.issuerLink).hash.slice(1) };
}

function conditionsOf(options: DemoOptions, groups: NamedGroup[]): FilledTrigger {
  return fillTrigger(options.trigger ?? JSON.stringify({ count: options.signers }), groups, options.together);
}

function requirePossible(options: DemoOptions, groups: NamedGroup[]): void {
  const hashed = groups.map((group, i) => ({ ...group, id: i.toString(16).padStart(64, '0') }));
  const conditions = conditionsOf(options, hashed);
  if (!allotSigners(conditions, sizesOf(hashed), options.signers))
    throw new Error(
      `${options.signers} of the people on this roster cannot meet the trigger ${options.trigger ?? ''}: of each group nobody opens, or ${conditions.together} and more.`,
    );
}
