import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import { enterRoster } from '#lib/agent/admission.ts';
import { makeClerkCode } from '#lib/agent/clerk-code.ts';
import { createAgentKeystore, openAgentKeystore } from '#lib/agent/keystore.ts';
import { registerOpen } from '#lib/agent/round.ts';
import { type AgentSettings, parseAgentSettings } from '#lib/agent/settings.ts';
import { type RunningAgent, roundTools, startAgent } from '#lib/agent/start-agent.ts';
import { createApi } from '#lib/api/client.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import type { Fetch } from '#lib/api/request.ts';
import { createDisk, type Disk } from '#lib/host/disk.ts';
import { describeEntry, type LogEntry } from '#lib/host/log.ts';
import { addGroup, findGroup, groupIdsOf } from '#lib/issuing/issuer-file.ts';
import type { Wallet } from '#lib/protocol/member/wallet-file.ts';
import type { Json } from '#lib/protocol/messages/json.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { readInvitation } from '#lib/signing/invitation-link.ts';
import { acceptInvitation, createWallet } from '#lib/signing/wallet.ts';
import { value } from '../signing/stage.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { systemRandom } from '../support/world.ts';

export type Person = { name: string; email: string };

/** A browser at the agent: it keeps its cookie, and sends forms as a page does. */
export type AgentBrowser = {
  get(path: string): Promise<Page>;
  /** Sends a form with the token of the page that was shown last. */
  post(path: string, fields?: Record<string, string>): Promise<Page>;
};
export type Page = { status: number; text: string; headers: Headers; location: string | null };

export type AgentStage = {
  platform: TestPlatform;
  agent: RunningAgent;
  disk: Disk;
  group: string;
  settings: AgentSettings;
  /** Every byte that the agent sent to the platform, as text. */
  sent: string[];
  logged: string[];
  browser(): AgentBrowser;
  clerk(): Promise<AgentBrowser>;
  /** Answers an invitation as a member's browser does. */
  join(link: string): Promise<Wallet>;
  /** Lets time pass until the next turn, and does what is due then. */
  nextTurn(): Promise<void>;
  /** The sizes of the rolls that the platform shows, newest first, and in which ways their members came. */
  rolls(): Promise<{ size: number; admitted: unknown }[]>;
  stop(): Promise<void>;
};

const DAY = 86_400;

/** A platform with its routes, and an agent that serves one group on loopback. `settings` may hold whatever the group needs. */
export async function startAgentStage(
  people: readonly Person[],
  group: Record<string, Json>,
  more: Record<string, Json> = {},
): Promise<AgentStage> {
  const platform = await startPlatform();
  connectRoutes(platform);
  const routes = await loadRoutes();
  const folder = mkdtempSync(path.join(tmpdir(), 'agent-'));
  const disk = createDisk(folder);
  const created = value(addGroup(await createAgentKeystore(disk, systemRandom), 'Staff council', []));
  const id = groupIdsOf(created)[0] as string;
  const raw = {
    platform: ORIGIN,
    origin: 'http://127.0.0.1',
    issuerName: 'Staff union',
    contact: 'help@union.example',
    listen: { host: '127.0.0.1', port: 0 },
    ...more,
  };
  const settings = value(parseAgentSettings(JSON.stringify({ ...raw, groups: [{ name: 'Staff council', ...group }] })));
  const sent: string[] = [];
  const logged: string[] = [];
  const tools = {
    settings,
    fetch: recording(routes, sent),
    now: () => platform.clock.now,
    random: systemRandom,
    log: (entry: LogEntry) => void logged.push(describeEntry(entry)),
  };

  const first = await openAgentKeystore(disk);
  await first.issuerStore.update(() => created);
  await claimGroup(platform.ctx, platform.keeper, signGroupClaim('Staff council', platform.ctx.now(), hexToBytes(created.seed)));
  const rows = people.map((one, i) => ({ row: i + 2, ...one }));
  await first.update((agency) => enterRoster(agency, id, rows, systemRandom));
  const starting = roundTools(first, tools);
  await registerOpen(starting, id, settings.groups[0]?.stock ?? 0);

  const agent = await startAgent({ ...tools, disk });
  const base = `http://127.0.0.1:${agent.port}`;
  const stage: AgentStage = {
    ...{ platform, agent, disk, group: id, settings, sent, logged },
    browser: () => openAgentBrowser(base),
    async clerk() {
      const browser = openAgentBrowser(base);
      await browser.get('/clerk');
      const entered = await browser.post('/clerk/enter', { code: await makeClerkCode(disk, platform.clock.now, systemRandom) });
      if (entered.location !== '/clerk') throw new Error(entered.text);
      await browser.get('/clerk');
      return browser;
    },
    join: (link) => joinByLink(link, routes),
    async nextTurn() {
      platform.clock.now = Math.ceil((platform.clock.now + 1) / DAY) * DAY + 1;
      await agent.round();
    },
    async rolls() {
      const { rolls } = await createApi(ORIGIN, fetchFrom(routes).fetch).getGroup(id);
      return rolls.map(({ size, admitted }) => ({ size, admitted }));
    },
    async stop() {
      await agent.stop();
      await platform.stop();
      rmSync(folder, { recursive: true });
    },
  };
  return stage;
}

function recording(routes: readonly Route[], sent: string[]): Fetch {
  const { fetch } = fetchFrom(routes);
  return async (input, init) => {
    const body = init.body instanceof Uint8Array ? Buffer.from(init.body).toString('latin1') : String(init.body ?? '');
    sent.push(`${init.method} ${input}\n${JSON.stringify(init.headers)}\n${body}`);
    return fetch(input, init);
  };
}

/** The invitation link on a page. */
export function linkIn({ text }: Pick<Page, 'text'>): string {
  return /https:\/\/platform\.example\/join#[\w-]+/.exec(text)?.[0] ?? '';
}

async function joinByLink(link: string, routes: readonly Route[]): Promise<Wallet> {
  const read = readInvitation(new URL(link).hash);
  if (read.kind !== 'invitation') throw new Error('the link holds no invitation');
  const { wallet, enrolment } = value(acceptInvitation(createWallet(systemRandom), read.invitation, ORIGIN));
  await createApi(ORIGIN, fetchFrom(routes).fetch).postEnrolment(enrolment);
  return wallet;
}

function openAgentBrowser(base: string): AgentBrowser {
  let cookie = '';
  let token = '';
  const ask = async (path: string, init: RequestInit): Promise<Page> => {
    const answer = await fetch(base + path, { ...init, redirect: 'manual', headers: { Cookie: cookie, ...(init.headers as object) } });
    cookie = answer.headers.get('Set-Cookie')?.split(';')[0] ?? cookie;
    const text = await answer.text();
    token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? token;
    return { status: answer.status, text, headers: answer.headers, location: answer.headers.get('Location') };
  };
  return {
    get: (path) => ask(path, {}),
    post: (path, fields = {}) => ask(path, { method: 'POST', body: new URLSearchParams({ token, ...fields }) }),
  };
}

/** The person on the roster under a name, as the keystore has them now. */
export function findPerson({ agent, group }: AgentStage, name: string) {
  const found = findGroup(agent.store.now().issuer, group).members.find((member) => member.name === name && !member.removed);
  if (!found) throw new Error(`${name} is not on the roster`);
  return found;
}
