import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ApiError } from '#lib/api/api-error.ts';
import { type Api, createApi } from '#lib/api/client.ts';
import { loadManifest } from '#lib/proof/artifacts.ts';
import { readFromDisk } from '#lib/proof/disk.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import { waitForReveal } from '../demo/check-outcome.ts';
import { waitFor } from '../demo/each-of.ts';
import { type EnrolledGroup, type EnrolledMember, enrolEveryone, readRoster } from '../demo/enrol-everyone.ts';
import { need } from '../demo/need.ts';
import { openDemoStatement, waitForKey } from '../demo/open-statement.ts';
import type { Scene } from '../demo/sign-all.ts';
import { buildPages } from '../instance/build-pages.ts';
import { root } from '../instance/runtime.ts';
import type { ProxyExample } from '../proxy/proxies.ts';
import { auditRecord, postAllThrough, proveAll, readBoardOf, readPage, signByCommand, waitForEntries } from './members.ts';
import { requireOnion } from './onion.ts';
import type { EveningOperator } from './operator.ts';
import type { RunStep } from './play-steps.ts';
import type { Serving, Terminal } from './terminal.ts';
import { listMissingTor, type TorNetwork } from './tor-network.ts';

const GROUP = 'Harbour pilots';
const MEMBERS = [
  'Ann Alder',
  'Bo Birch',
  'Cy Cedar',
  'Di Dogwood',
  'Ed Elder',
  'Flo Fir',
  'Gus Gorse',
  'Hal Hazel',
  'Ida Ivy',
  'Jo Juniper',
  'Kim Kapok',
];
/** Of the members, those who sign first: so many open together. */
const SIGNERS = 8;
/** More than those who sign later, so that nothing further opens. */
const TOGETHER = 4;
const TRUSTEES = [1, 2, 3, 4];
/** The last of them, which changes its key. */
const LEAVER = { who: 'trustee-4', name: 'Trustee 4', contact: 'trustee-4@example.org' };
const FOLLOW_PATIENCE_SECONDS = 60;
const REASON = 'By order of the harbour court.';

type Evening = { terminal: Terminal; operator: EveningOperator; proxy: ProxyExample | undefined };

const random = (length: number) => new Uint8Array(randomBytes(length));
const now = () => Math.floor(Date.now() / 1000);
const tools = { random, now, log: () => {} };

/** An operator's first evening, as docs/operating.md and docs/keys.md have it, with everybody else who is needed. */
export async function playEvening(step: RunStep, evening: Evening): Promise<void> {
  const { terminal, operator } = evening;
  const { trustees, tor } = await setUp(step, evening);
  const api = createApi(operator.url(), fetch);
  const { trustees: committee } = await api.getPlatform();

  const group = await step(`An issuer signs in by a link and enrols ${MEMBERS.length} people in a group`, async (tell) => {
    const roster = path.join(terminal.folderOf('issuer'), 'roster.csv');
    writeFileSync(roster, `name,email,group\n${MEMBERS.map((name, i) => `${name},m${i}@example.org,${GROUP}\n`).join('')}`);
    const link = (await operator.run('issuer-link')).split('\n', 1)[0] as string;
    const platform = { url: operator.url(), issuerToken: new URL(link).hash.slice(1) };
    const keys = committee.map(({ key }) => key);
    const [enrolled] = await enrolEveryone(platform, readRoster(roster, tell), keys, { ...tools, log: (line) => tell(line.trim()) });
    return enrolled as EnrolledGroup;
  });

  const scene = await step('A member opens a statement, and the trustees make its key', () => openUnder(api, group, 0));
  const { context } = scene.loaded;
  const signers = group.members.slice(0, SIGNERS);
  const names = signers.map(({ name }) => name);
  const bodies = await step('Eight members prove', () => proveAll(scene, signers));
  await step('The web process is killed while they sign: no signature is lost, and none counts twice', async (tell) => {
    const { receipts, inFlight } = await operator.whileStarted(postAllThrough(scene, bodies, operator.killWeb));
    await operator.waitForRestart();
    if (inFlight === 0) throw new Error('All had been answered when it was killed, so this shows nothing.');
    tell(`${inFlight} of ${SIGNERS} signatures were on their way when it was killed`);
    const { listed } = await waitForEntries(scene, SIGNERS);
    const lost = receipts.filter((receipt) => !listed.includes(receipt.listed));
    if (lost.length > 0) throw new Error(`${lost.length} signatures with a receipt are not on the board.`);
  });
  await step('The trustees mix and open the names: exactly those who signed, in a record that anybody can check', async () => {
    await waitForReveal(api, context.id, SIGNERS);
    await auditRecord(terminal, api, context.id, names);
    const page = await readPage(operator.url(), `/s/${context.id}`);
    const absent = names.filter((name) => !page.includes(name));
    if (absent.length > 0) throw new Error(`The page of the statement does not show ${absent.join(', ')}.`);
  });

  const late = group.members.slice(SIGNERS);
  const signLate = async (url: string, through?: readonly string[]) => {
    await signByCommand(terminal, url, { id: context.id, member: late.shift() as EnrolledMember, through });
    return waitForEntries(scene, group.members.length - late.length);
  };
  if (tor)
    await step('The onion address is named by the pages, reached over that Tor alone, and takes a signature', async () => {
      await requireOnion(terminal, tor, { url: operator.url(), place: `/s/${context.id}`, shown: names[0] as string });
      await signLate(tor.onion, tor.torsocks);
    });

  const board = await readBoardOf(scene);
  await step('A copy of the database is made while the platform runs', () => operator.run('backup', '--out', 'copy'));
  await step('The database is lost, and the copy put into a fresh PostgreSQL: the board is that of before', async (tell) => {
    await operator.stopPlatform();
    await operator.startFreshDatabase('second-postgres');
    const said = await operator.run('restore', '--from', 'copy');
    if (!said.includes('There was no database before.')) throw new Error(`The second PostgreSQL was not empty:\n${said}`);
    await operator.startPlatform();
    const after = await readBoardOf(scene);
    if (after.hashes.join() !== board.hashes.join() || after.listed.join() !== board.listed.join())
      throw new Error(`The board had ${board.hashes.length} checkpoints, and now has ${after.hashes.length} or others.`);
    tell(`${after.hashes.length} checkpoints with ${after.listed.length} entries are as they were`);
    await auditRecord(terminal, api, context.id, names);
  });
  await step('The board goes on where it was: a member signs on the command line', async () => {
    const { hashes } = await signLate(operator.url());
    if (hashes.slice(0, board.hashes.length).join() !== board.hashes.join()) throw new Error('The board does not go on from the old one.');
  });

  await step('The platform’s key is changed: the old one vouches for the new, and all trustees follow', async () => {
    const oldKey = operator.place('platform.key');
    const key = (await operator.run('keys', 'platform', 'new.key')).trim();
    await operator.stopPlatform();
    operator.set('PLATFORM_KEY_FILE', operator.place('new.key'));
    operator.set('PLATFORM_OLD_KEY_FILES', oldKey);
    await operator.startPlatform();
    const shown = (await api.getPlatform()).key;
    if (shown !== key) throw new Error(`The platform shows the key ${shown} and not the new one, ${key}.`);
    const follows = new RegExp(`has signed that ${key} follows it`);
    await Promise.all(trustees.map((trustee) => trustee.waitForLine(follows, FOLLOW_PATIENCE_SECONDS)));
  });
  const changed = await step('A trustee’s key is changed: forms offer the new one, and the old keystore serves on', async () => {
    const about = ['--name', LEAVER.name, '--contact', LEAVER.contact];
    const typed = { who: LEAVER.who, name: 'trustee' };
    const made = JSON.parse(await terminal.run({ ...typed, args: ['init', '--keystore', 'new-keystore', ...about] })) as { key: Hex32 };
    operator.writeTrustees([...committee.filter(({ name }) => name !== LEAVER.name), made]);
    await waitFor('the platform to read its trustees again', FOLLOW_PATIENCE_SECONDS, async () =>
      (await api.getPlatform()).trustees.some(({ key }) => key === made.key) ? true : null,
    );
    const args = ['serve', '--keystore', 'new-keystore', '--platform', operator.url(), '--poll-seconds', '1'];
    await terminal.serve({ ...typed, args }).waitForLine(/serving /, FOLLOW_PATIENCE_SECONDS);
    return made.key;
  });
  await step('A statement is opened under the new keys, and the old one is signed under its own', async () => {
    const { loaded } = await openUnder(api, group, 1);
    if (!loaded.context.statement.committee.trustees.some(({ key }) => key === changed))
      throw new Error('The new statement does not name the trustee’s new key.');
    if (loaded.context.statement.platform === context.statement.platform) throw new Error('The new statement names the old key.');
    await signLate(operator.url());
  });

  await step('The group is hidden: its page says why, it takes nothing new, and the record stays', async () => {
    await operator.run('moderation', 'hide', `${operator.url()}/groups/${group.id}`, '--reason', REASON);
    await requireHidden(operator.url(), group);
    const opened = await openUnder(api, group, 2).then(
      () => 'taken',
      (error: unknown) => (error instanceof ApiError ? error.code : String(error)),
    );
    if (opened !== 'GROUP_HIDDEN') throw new Error(`A new statement that names the group was not refused as it should be: ${opened}`);
    await auditRecord(terminal, api, context.id, names);
  });
}

/** All that there has to be before anybody signs. @returns the trustees, which serve, and the Tor where there is one */
async function setUp(step: RunStep, { terminal, operator, proxy }: Evening): Promise<{ trustees: Serving[]; tor: TorNetwork | null }> {
  await step('The pages are built', (tell) => buildPages(tell, 'ignore'));
  const front = proxy
    ? `${proxy.name} as in deploy/, with TLS of a test authority, says that the platform is not there yet`
    : 'Without a proxy of deploy/ (nginx or Caddy, which need openssl too): the platform is reached directly, by plain http';
  await step(front, async (tell) => {
    await operator.openFront(proxy);
    tell(`the address is ${operator.url()}`);
    if (proxy) await requireFront(operator);
  });
  await step('A PostgreSQL of its own, with an empty database', async () => {
    await operator.startFreshDatabase('first-postgres');
    await operator.createDatabase();
  });
  await step('The operator makes the keys of the platform', async () => {
    await operator.run('keys', 'platform', 'platform.key');
    operator.set('PLATFORM_KEY_FILE', operator.place('platform.key'));
    operator.set('SESSION_SECRET', (await operator.run('keys', 'session')).trim());
  });
  const missing = listMissingTor();
  const tor =
    missing.length > 0
      ? await step(`Skipped: an onion address, which needs ${missing.join(', ')} here`, async () => null)
      : await step('An onion service as in deploy/, on a Tor that is made here: authorities, relays and a client', async (tell) => {
          const made = await operator.openOnion();
          tell(`the address is ${made.onion}`);
          return made;
        });
  const trusteeOf = (n: number) => ({ who: `trustee-${n}`, name: 'trustee' });
  await step('Four trustees make their keys, each in a folder of its own', async () => {
    const descriptors = await Promise.all(
      TRUSTEES.map((n) => {
        const about = ['--name', `Trustee ${n}`, '--contact', `trustee-${n}@example.org`];
        return terminal.run({ ...trusteeOf(n), args: ['init', '--keystore', 'keystore', ...about] });
      }),
    );
    operator.writeTrustees(descriptors.map((printed) => JSON.parse(printed) as unknown));
  });
  await step('The platform starts, is well, and names its trustees', async () => {
    await operator.startPlatform();
    const health = JSON.parse(await readPage(operator.url(), '/api/health')) as { live: boolean; ready: boolean };
    if (!health.live || !health.ready) throw new Error(`/api/health answers ${JSON.stringify(health)}`);
    const { trustees, trial } = await createApi(operator.url(), fetch).getPlatform();
    if (trustees.length !== TRUSTEES.length || trial) throw new Error(`It names ${trustees.length} trustees${trial ? ', for trial' : ''}.`);
  });
  const trustees = await step('The trustees serve, each a process of its own', async () => {
    const args = ['serve', '--keystore', 'keystore', '--platform', operator.url(), '--poll-seconds', '1'];
    const serving = TRUSTEES.map((n) => terminal.serve({ ...trusteeOf(n), args }));
    await Promise.all(serving.map((trustee) => trustee.waitForLine(/serving /, FOLLOW_PATIENCE_SECONDS)));
    return serving;
  });
  return { trustees, tor };
}

/** Nobody who does not know the authority is let in, and whoever does is told that the platform is not there. */
async function requireFront(operator: EveningOperator): Promise<void> {
  const isTrusted = await fetch(operator.url()).then(
    () => true,
    () => false,
  );
  if (isTrusted) throw new Error('The certificate was taken for good without its authority.');
  operator.trustHere();
  const away = await fetch(operator.url());
  const said = await away.text();
  if (away.status !== 503 || !said.includes('Nothing is lost')) throw new Error(`It answers ${away.status}: ${said}`);
}

/** Opens a statement as a member, whose number decides whose turn of the week is used. */
async function openUnder(api: Api, group: EnrolledGroup, member: number): Promise<Scene> {
  const order = [...group.members.slice(member), ...group.members.slice(0, member)];
  const conditions = { trigger: { count: SIGNERS }, together: TOGETHER };
  const id: Hex32 = await openDemoStatement(api, [{ ...group, members: order }], conditions, { random, now });
  const manifest = need(await loadManifest(readFromDisk(path.join(root, 'circuits', 'artifacts'))));
  return { api, loaded: await waitForKey(api, id, manifest), ...tools };
}

async function requireHidden(url: string, group: EnrolledGroup): Promise<void> {
  const page = await readPage(url, `/groups/${group.id}`);
  if (!page.includes(REASON)) throw new Error('The page of the group does not say why it is hidden.');
  for (const [place, text] of [
    [`/groups/${group.id}`, page],
    ['/groups', await readPage(url, '/groups')],
  ] as const)
    if (text.includes(group.name)) throw new Error(`${place} still shows the name of the group.`);
  const log = await readPage(url, '/moderation');
  if (!log.includes(REASON) || !log.includes(group.id)) throw new Error('The page /moderation does not list the decision.');
}
