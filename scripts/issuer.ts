// npm run issuer -- init | claim | roster | rules | clerk-code | serve | continue
//
// The issuer's own server. It speaks only the platform's HTTP API, by requests that the issuer's key signs.

import { setTimeout as sleep } from 'node:timers/promises';
import { enterRoster } from '#lib/agent/admission.ts';
import { makeClerkCode } from '#lib/agent/clerk-code.ts';
import { type ServedGroup, serveGroups } from '#lib/agent/desk.ts';
import { createAgentKeystore, drawBytes, openAgentKeystore, readAgentKeystore } from '#lib/agent/keystore.ts';
import { goOnFrom } from '#lib/agent/older-copy.ts';
import { registerOpen, sendRevoked } from '#lib/agent/round.ts';
import { type AgentSettings, type GroupSettings, parseAgentSettings } from '#lib/agent/settings.ts';
import { roundTools, startAgent } from '#lib/agent/start-agent.ts';
import { createApi } from '#lib/api/client.ts';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { createDisk } from '#lib/host/disk.ts';
import { lockFolder } from '#lib/host/folder-lock.ts';
import { createLog, type Log, parseLogFormat } from '#lib/host/log.ts';
import { makeFolder } from '#lib/host/make-folder.ts';
import { measureRounds } from '#lib/host/measure-rounds.ts';
import { serveMeasurements } from '#lib/host/measurements.ts';
import { addGroup, findGroup, groupNameOf, issuerKey } from '#lib/issuing/issuer-file.ts';
import { publishRules } from '#lib/issuing/publish-rules.ts';
import { registerGroup } from '#lib/issuing/run-group.ts';
import { groupId } from '#lib/protocol/member/group.ts';
import { canonicalJson } from '#lib/protocol/messages/json.ts';
import { quote } from '#lib/protocol/messages/quote.ts';
import { type GroupRules, MOST_QUOTA } from '#lib/protocol/permit/group-policy.ts';
import { undoMail } from '#lib/signing/mailed-text.ts';
import { readSignInToken } from '#lib/signing/sign-in-link.ts';
import { splitAddress } from '#lib/signing/statement-link.ts';
import { readCallersFile } from './command-line/callers-files.ts';
import { needCommand, readOptions } from './command-line/commands.ts';
import { readIssuerFile } from './command-line/read-issuer-file.ts';
import { readMetricsPlace } from './command-line/read-metrics-place.ts';
import { reviewOlderCopy } from './command-line/review-older-copy.ts';
import { reviewRoster } from './command-line/review-roster.ts';
import { runScript, UsageError } from './command-line/run-script.ts';
import { createCookieFetch } from './instance/cookie-fetch.ts';

const USAGE = `Usage:
  npm run issuer -- init       --keystore DIR [--from FILE]
      makes the issuer's key, or takes the keystore FILE that a browser saved, and asks for its passphrase; prints the key. An existing
      keystore is left as it is
  npm run issuer -- claim      --keystore DIR --settings FILE --link LINK
      makes the groups of the settings, and has the account that LINK signs in keep them: a sign-in link of the platform, used once
  npm run issuer -- roster     --keystore DIR --settings FILE --group NAME --roster CSV [--normalise] [--keep-separators] [--yes]
      shows who would be put on the roster of a group, and asks unless it is told --yes; then tells the platform the hashes of
      their invitations. --normalise puts names right that are stored in an unusual way, --keep-separators takes commas and the
      like outside quotation marks as part of the names
  npm run issuer -- rules      --keystore DIR --settings FILE --group NAME [--opening WHO] [--foreign yes|no] [--quota N]
      says who may open statements that name a group, from now on; what is not given stays as it is. WHO is open (members and you),
      accounts (you alone) or approved (members, once you have approved the text); --foreign: whether others may name the group
      in statements that they open; --quota: how many statements a member may open in a week, from 1 to 16
  npm run issuer -- clerk-code --keystore DIR
      prints a code with which a clerk signs in, once, within a day
  npm run issuer -- serve      --keystore DIR --settings FILE [--round-seconds N] [--metrics PORT]
      serves the pages, answers enrolments and publishes rolls by rule; a round comes every N seconds (default 300);
      PORT or HOST:PORT is where Prometheus reads what it counts (without it nothing listens)
  npm run issuer -- continue   --keystore DIR --settings FILE --group NAME [--yes]
      before serving again from an older copy of DIR: shows what the copy does not know, and asks unless it is told --yes; then goes
      on from the newest roll. Invitations that nobody has answered are taken back, and their links admit nobody any more
The README says what the settings hold.`;

const ROUND_SECONDS = 300;

type Options = Record<string, string>;
type Command = { needed: string[]; optional?: string[]; flags?: string[]; run(options: Options): Promise<void> };
const PATHS = ['keystore', 'settings', 'from', 'roster'];

const commands = new Map<string, Command>([
  ['init', { needed: ['keystore'], optional: ['from'], run: init }],
  ['claim', { needed: ['keystore', 'settings', 'link'], run: claim }],
  ['roster', { needed: ['keystore', 'settings', 'group', 'roster'], flags: ['normalise', 'keep-separators', 'yes'], run: roster }],
  ['rules', { needed: ['keystore', 'settings', 'group'], optional: ['opening', 'foreign', 'quota'], run: rules }],
  ['clerk-code', { needed: ['keystore'], run: clerkCode }],
  ['serve', { needed: ['keystore', 'settings'], optional: ['round-seconds', 'metrics'], run: serve }],
  ['continue', { needed: ['keystore', 'settings', 'group'], flags: ['yes'], run: goOn }],
]);

await runScript(USAGE, async () => {
  const [name, ...args] = process.argv.slice(2);
  const { needed, optional = [], flags = [], run } = needCommand(commands, name);
  await run(readOptions(args, needed, [...optional, ...flags], PATHS, flags));
});

async function init({ keystore = '', from }: Options): Promise<void> {
  makeFolder(keystore, 0o700);
  const exported = from === undefined ? undefined : await readIssuerFile(from);
  const issuer = await withLock(keystore, () => createAgentKeystore(createDisk(keystore), drawBytes, exported));
  console.log(issuerKey(issuer));
}

async function claim({ keystore = '', settings: file = '', link = '' }: Options): Promise<void> {
  const settings = readSettings(file);
  const read = readSignInToken(splitAddress(undoMail(link)).fragment);
  if (read.kind !== 'token') throw new UsageError('--link needs the whole sign-in link, with all that stands behind its #.');
  await withLock(keystore, async () => {
    const store = await openAgentKeystore(createDisk(keystore));
    for (const { name, trustees } of settings.groups)
      await store.issuerStore.update((issuer) => {
        if (issuer.groups.some((group) => group.name === name)) return issuer;
        const added = addGroup(issuer, name, trustees);
        if (!added.ok) throw new Error(`${quote(name)}: ${added.detail}`);
        return added.value;
      });
    const { issuer } = store.now();
    const inSession = createIssuerApi(settings.platform, createCookieFetch(settings.platform));
    await inSession.signIn(read.token);
    for (const { name } of settings.groups) {
      await registerGroup(inSession, issuer, groupId(groupNameOf(issuer, name)), now());
      console.log(`${groupId(groupNameOf(issuer, name))} ${name}`);
    }
    await inSession.signOut();
  });
}

async function roster(options: Options): Promise<void> {
  const { keystore = '', settings: file = '', group: name = '', roster: csv = '', yes } = options;
  const settings = readSettings(file);
  const group = groupOf(settings, name);
  const allowed = { normalise: options.normalise !== undefined, keepSeparators: options['keep-separators'] !== undefined };
  await withLock(keystore, async () => {
    const store = await openAgentKeystore(createDisk(keystore));
    const [{ id }] = serveGroups(store, { ...settings, groups: [group] }) as [ServedGroup];
    const added = await reviewRoster(csv, findGroup(store.now().issuer, id), allowed, yes !== undefined);
    await store.update((agency) => enterRoster(agency, id, added, drawBytes));
    await registerOpen(roundTools(store, { settings, fetch, now, random: drawBytes, log: agentLog() }), id, group.stock);
    console.log(added.length === 1 ? '1 person was put on the roster.' : `${added.length} people were put on the roster.`);
  });
}

async function rules(options: Options): Promise<void> {
  const { keystore = '', settings: file = '', group: name = '' } = options;
  const settings = readSettings(file);
  groupOf(settings, name);
  const change = readRules(options);
  await withLock(keystore, async () => {
    const store = await openAgentKeystore(createDisk(keystore));
    const { issuer } = store.now();
    const group = { id: groupId(groupNameOf(issuer, name)), name };
    const { api } = roundTools(store, { settings, fetch, now, random: drawBytes, log: agentLog() });
    const published = await publishRules({ ...api, ...createApi(settings.platform, fetch) }, issuer, { group, change, now: now() });
    if (!published.ok) throw new Error(`The platform shows policies of the group that do not hold (${published.code}).`);
    console.log(published.value ? canonicalJson(published.value) : 'Nothing was published: these rules hold already.');
  });
}

function readRules({ opening, foreign, quota }: Options): Partial<GroupRules> {
  const isOpening = (text: string): text is GroupRules['opening'] => ['open', 'accounts', 'approved'].includes(text);
  if (opening !== undefined && !isOpening(opening)) throw new UsageError('--opening needs open, accounts or approved.');
  if (foreign !== undefined && foreign !== 'yes' && foreign !== 'no') throw new UsageError('--foreign needs yes or no.');
  if (quota !== undefined && (!/^[1-9]\d?$/.test(quota) || Number(quota) > MOST_QUOTA))
    throw new UsageError(`--quota needs a whole number from 1 to ${MOST_QUOTA}.`);
  return {
    ...(opening === undefined ? {} : { opening }),
    ...(foreign === undefined ? {} : { foreign: foreign === 'yes' }),
    ...(quota === undefined ? {} : { quota: Number(quota) }),
  };
}

async function clerkCode({ keystore = '' }: Options): Promise<void> {
  const disk = createDisk(keystore);
  await readAgentKeystore(disk);
  console.log(await makeClerkCode(disk, now(), drawBytes));
}

async function serve({ keystore = '', settings: file = '', 'round-seconds': seconds, metrics }: Options): Promise<void> {
  const settings = readSettings(file);
  const log = agentLog();
  const place = readMetricsPlace(metrics);
  const every = seconds === undefined ? ROUND_SECONDS : /^[1-9]\d{0,4}$/.test(seconds) ? Number(seconds) : 0;
  if (every < 1 || every > 86_400) throw new UsageError('--round-seconds needs a whole number of seconds.');
  await withLock(keystore, async () => {
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());
    const agent = await startAgent({ disk: createDisk(keystore), settings, fetch, now, random: drawBytes, log });
    log({ code: 'SERVING', text: `serving ${settings.origin} on port ${agent.port}` });
    const { registry, onRound, isReady } = measureRounds(now);
    if (place)
      await serveMeasurements(registry, {
        place,
        onFault: () => log({ level: 'warning', code: 'COUNTING_FAILED', text: 'counting failed' }),
        isReady,
      });
    while (!stopping.signal.aborted) {
      onRound(await agent.round());
      // Rounds come at even times, whenever the program was started.
      const pause = every * 1_000 - (Date.now() % (every * 1_000));
      await sleep(pause, null, { signal: stopping.signal }).catch(() => {});
    }
    await agent.stop();
  });
}

async function goOn({ keystore = '', settings: file = '', group: name = '', yes }: Options): Promise<void> {
  const settings = readSettings(file);
  const group = groupOf(settings, name);
  await withLock(keystore, async () => {
    const store = await openAgentKeystore(createDisk(keystore));
    const [{ id }] = serveGroups(store, { ...settings, groups: [group] }) as [ServedGroup];
    const tools = roundTools(store, { settings, fetch, now, random: drawBytes, log: agentLog() });
    const compared = await reviewOlderCopy(tools, id, yes !== undefined);
    await store.update((agency) => goOnFrom(agency, id, compared, drawBytes));
    await sendRevoked(tools, id);
    await registerOpen(tools, id, group.stock);
    console.log('The agent may serve again.');
  });
}

function groupOf({ groups }: AgentSettings, name: string): GroupSettings {
  const group = groups.find((one) => one.name === name);
  if (!group) throw new UsageError(`The settings have no group "${name}".`);
  return group;
}

function readSettings(file: string): AgentSettings {
  const read = parseAgentSettings(readText(file));
  if (!read.ok) throw new Error(`${file}: ${read.detail}`);
  return read.value;
}

async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const unlock = await lockFolder(folder);
  if (!unlock) throw new Error(`Another process is using the keystore ${folder}. Stop it first: one keystore serves one process.`);
  try {
    return await work();
  } finally {
    await unlock();
  }
}

function readText(file: string): string {
  return new TextDecoder().decode(readCallersFile(file));
}

function now(): number {
  return Math.floor(Date.now() / 1_000);
}

function agentLog(): Log {
  return createLog('agent', parseLogFormat(process.env.LOG_FORMAT), console.log);
}
