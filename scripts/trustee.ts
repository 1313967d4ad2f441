// npm run trustee -- init | serve | status | publish-policy | publish-log
//
// A trustee is a process of its own with a keystore of its own. It speaks only the platform's public HTTP API.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createApi } from '#lib/api/client.ts';
import { createDisk, type Disk } from '#lib/host/disk.ts';
import { lockFolder } from '#lib/host/folder-lock.ts';
import { createLog, parseLogFormat, rememberLog } from '#lib/host/log.ts';
import { makeFolder } from '#lib/host/make-folder.ts';
import { serveMeasurements } from '#lib/host/measurements.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { MOST_NAMED_GROUPS } from '#lib/protocol/permit/trustee-policy.ts';
import { openConsent } from '#lib/trustee/consent.ts';
import { describeStatus } from '#lib/trustee/describe-status.ts';
import { createKeystore, type OwnIdentity, readIdentity } from '#lib/trustee/keystore.ts';
import { measureTrustee } from '#lib/trustee/measure-trustee.ts';
import { serveTrusteePage } from '#lib/trustee/page/page-server.ts';
import { limitFetch } from '#lib/trustee/platform-calls.ts';
import { describePolicy, makeTrusteePolicy, type Policy, readPolicy, writePolicy } from '#lib/trustee/policy.ts';
import { describeQueue } from '#lib/trustee/queue.ts';
import { serveRounds } from '#lib/trustee/serve.ts';
import { startTrustee } from '#lib/trustee/trustee.ts';
import { makeTrusteeLog } from '#lib/trustee/trustee-log.ts';
import { createTrusteeRoom } from '#lib/trustee/trustee-room.ts';
import { needCommand, readOptions } from './command-line/commands.ts';
import { readMetricsPlace } from './command-line/read-metrics-place.ts';
import { runScript, UsageError } from './command-line/run-script.ts';

const USAGE = `Usage:
  npm run trustee -- init        --keystore DIR --name NAME --contact CONTACT
      makes the long-term key and prints the descriptor to hand to platforms; an existing keystore is left as it is
  npm run trustee -- serve       --keystore DIR --platform URL [--grace-margin-seconds N] [--poll-seconds N]
                                 [--groups IDS] [--most-open N] [--longest-days N] [--ask yes|no] [--page] [--page-port N]
                                 [--metrics PORT]
      takes part in statements: makes keys, checks boards, mixes and opens what the trigger covers, destroys its shares in time
      --grace-margin-seconds   no part in statements with less grace than this beyond what mixing takes (default 86400: a day)
      --poll-seconds           pause between rounds (default 5)
      --page                   a page on this machine, for this machine alone, by the link that is printed: what it holds, sees and does
      --page-port              where that is served (default 4700)
      --metrics                PORT or HOST:PORT at which Prometheus reads what it counts (without it nothing listens)
    What it takes on is its policy, decided before it makes anything for a statement. It is kept in DIR/policy.json until given anew:
      --groups                 only statements of these groups: their ids with commas between, or "any" (at first: any)
      --most-open              statements served at a time, at most half of them on one group (at first: 500)
      --longest-days           none that ends, its grace included, in more days (at first: 1856, five years and a month)
    Kept in DIR/consent.json until given anew:
      --ask                    "yes": it joins nothing before you have pressed Join on its page (at first: no)
  npm run trustee -- status      --keystore DIR
      prints its policy and lists each statement of which it holds a share, how far its waves are, and what the platform hides;
      and those that wait for your answer or for room, until when
  npm run trustee -- publish-policy --keystore DIR
      prints its policy as a signed, numbered message, to be published beside the descriptor
  npm run trustee -- publish-log --keystore DIR
      prints a signed list of the statements whose keys it confirmed, to be published where the platform cannot change it`;

const DAY = 86_400;
const PAGE_PORT = 4_700;
const PATHS = ['keystore'];
const POLICY_OPTIONS = ['groups', 'most-open', 'longest-days'] as const;
const artifacts = path.resolve(import.meta.dirname, '../circuits/artifacts');

const commands = new Map([
  ['init', init],
  ['serve', serve],
  ['status', status],
  ['publish-policy', publishPolicy],
  ['publish-log', publishLog],
]);

await runScript(USAGE, async () => {
  const [command, ...args] = process.argv.slice(2);
  await needCommand(commands, command)(args);
});

async function init(args: string[]): Promise<void> {
  const { keystore, name, contact } = readOptions(args, ['keystore', 'name', 'contact'], [], PATHS);
  makeFolder(keystore, 0o700);
  const disk = createDisk(keystore);
  const existing = await readIdentity(disk);
  const identity = existing ?? (await withLock(keystore, () => createKeystore(disk, { name, contact }, random)));
  console.log(canonicalJson(identity.descriptor));
}

async function serve(args: string[]): Promise<void> {
  const options = readOptions(
    args,
    ['keystore', 'platform'],
    ['grace-margin-seconds', 'poll-seconds', 'metrics', 'ask', 'page', 'page-port', ...POLICY_OPTIONS],
    PATHS,
    ['page'],
  );
  const platform = readUrl(options.platform);
  const graceMargin = readNumber('grace-margin-seconds', options['grace-margin-seconds'], DAY, 0);
  const pollSeconds = readNumber('poll-seconds', options['poll-seconds'], 5);
  const metrics = readMetricsPlace(options.metrics);
  const wanted = readPolicyOptions(options);
  const pagePort = options.page === undefined ? undefined : readPort(options['page-port']);
  const asks = readAsk(options.ask);
  const memory = rememberLog(createLog('trustee', parseLogFormat(process.env.LOG_FORMAT), console.log), now);
  const { log } = memory;
  const { disk, identity } = await openKeystore(options.keystore);
  await withLock(options.keystore, async () => {
    const policy = { ...(await readPolicy(disk)), ...wanted };
    await writePolicy(disk, policy, now());
    const consent = await openConsent(disk, asks);
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());
    const fetchFile = readFromDisk(artifacts);
    const manifest = await loadManifest(fetchFile);
    if (!manifest.ok) throw new Error(`The list of proving keys in ${artifacts} cannot be read (${manifest.code}).`);
    const room = createTrusteeRoom();
    const trustee = await startTrustee({
      disk,
      identity,
      api: createApi(platform, limitFetch(fetch)),
      now,
      random,
      room,
      manifest: manifest.value,
      artifacts: fetchFile,
      graceMargin,
      policy,
      consent,
      pollSeconds,
      log,
      stopping: stopping.signal,
    });
    log({ code: 'POLICY', text: describePolicy(policy) });
    log({ code: 'SERVING', text: `serving ${platform} with the key ${identity.descriptor.key}` });
    const rounds = measureTrustee(trustee, now);
    const { registry, onRound, isReady } = rounds;
    if (metrics)
      await serveMeasurements(registry, {
        place: metrics,
        onFault: () => log({ level: 'warning', code: 'COUNTING_FAILED', text: 'counting failed' }),
        isReady,
      });
    if (pagePort !== undefined) {
      const { link } = await serveTrusteePage(
        { disk, identity, now, random, policy, consent, trustee, platform, rounds, memory },
        pagePort,
      );
      console.log(`\nThe page of this trustee, for this machine alone:\n  ${link}\n`); // the link is a key: it goes to nobody's log
    } else if (consent.asks)
      log({ level: 'warning', code: 'NOBODY_ASKED', text: 'it asks before it joins, but has no page: start it with --page' });
    await serveRounds(trustee, { pollSeconds, signal: stopping.signal, log, onRound });
    await room.close();
  });
}

async function status(args: string[]): Promise<void> {
  const { keystore } = readOptions(args, ['keystore'], [], PATHS);
  const { disk } = await openKeystore(keystore);
  const lines = await describeStatus(disk);
  const queue = await describeQueue(disk);
  console.log(describePolicy(await readPolicy(disk)));
  console.log(lines.length > 0 ? lines.join('\n') : 'This keystore holds no share.');
  if (queue.length > 0) console.log(queue.join('\n'));
}

async function publishPolicy(args: string[]): Promise<void> {
  const { keystore } = readOptions(args, ['keystore'], [], PATHS);
  const { disk, identity } = await openKeystore(keystore);
  console.log(canonicalJson(await makeTrusteePolicy(disk, identity)));
}

async function publishLog(args: string[]): Promise<void> {
  const { keystore } = readOptions(args, ['keystore'], [], PATHS);
  const { disk, identity } = await openKeystore(keystore);
  console.log(JSON.stringify(await makeTrusteeLog(disk, identity, now())));
}

async function openKeystore(folder: string): Promise<{ disk: Disk; identity: OwnIdentity }> {
  const disk = createDisk(folder);
  const identity = await readIdentity(disk);
  if (!identity)
    throw new Error(`There is no keystore in ${folder}. Make one: npm run trustee -- init --keystore ${folder} --name … --contact …`);
  return { disk, identity };
}

async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const unlock = await lockFolder(folder);
  if (!unlock) throw new Error(`Another process is using the keystore ${folder}. One keystore serves one process.`);
  try {
    return await work();
  } finally {
    await unlock();
  }
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`--platform needs an address such as https://example.org, not "${text}".`);
  return url.origin;
}

/** What was given of a policy. */
function readPolicyOptions(options: Partial<Record<(typeof POLICY_OPTIONS)[number], string>>): Partial<Policy> {
  const { groups, 'most-open': mostOpen, 'longest-days': longestDays } = options;
  return {
    ...(groups === undefined ? {} : { groups: readGroups(groups) }),
    ...(mostOpen === undefined ? {} : { mostOpen: readNumber('most-open', mostOpen, 0) }),
    ...(longestDays === undefined ? {} : { longestDays: readNumber('longest-days', longestDays, 0) }),
  };
}

function readAsk(text: string | undefined): boolean | undefined {
  if (text !== undefined && text !== 'yes' && text !== 'no') throw new UsageError(`--ask needs yes or no, not "${text}".`);
  return text === undefined ? undefined : text === 'yes';
}

function readPort(text: string | undefined): number {
  const port = readNumber('page-port', text, PAGE_PORT);
  if (port > 65_535) throw new UsageError(`--page-port needs a port, 65535 at most, not "${text}".`);
  return port;
}

function readGroups(text: string): Policy['groups'] {
  if (text === 'any') return text;
  const groups = text.split(',').map((id) => id.trim());
  if (!groups.every((id) => /^[0-9a-f]{64}$/.test(id)))
    throw new UsageError('--groups needs ids of groups, 64 hex digits each, with commas between, or "any".');
  if (new Set(groups).size > MOST_NAMED_GROUPS)
    throw new UsageError(`--groups takes ${MOST_NAMED_GROUPS} ids at most, not ${new Set(groups).size}; "any" takes all.`);
  return groups;
}

function readNumber(name: string, text: string | undefined, standard: number, least = 1): number {
  if (text === undefined) return standard;
  if (!/^(0|[1-9]\d{0,8})$/.test(text) || Number(text) < least)
    throw new UsageError(`--${name} needs a whole number of at least ${least}, not "${text}".`);
  return Number(text);
}

function random(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
