import { hexToBytes } from '@noble/hashes/utils.js';
import { createApi } from '#lib/api/client.ts';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { createSigningFetch } from '#lib/api/issuer-request.ts';
import { limitAnswers } from '#lib/api/limit-answers.ts';
import type { Fetch } from '#lib/api/request.ts';
import type { Disk } from '#lib/host/disk.ts';
import type { Log } from '#lib/host/log.ts';
import { listenForPages } from '#lib/host/page/serve-pages.ts';
import { WAYS } from '#lib/issuing/ways.ts';
import type { Hex32 } from '#lib/protocol/messages/hash.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { openClerkDoor } from './clerk-code.ts';
import { type Desk, serveGroups } from './desk.ts';
import { type AgencyStore, openAgentKeystore } from './keystore.ts';
import { createMailer } from './mailer.ts';
import { type OpenIdDesk, openSignInDesk } from './openid.ts';
import { CALLBACK_PATH } from './openid-pages.ts';
import { boundLookups, createResolver } from './resolver.ts';
import { findOlderCopies, runRounds } from './round.ts';
import type { RoundTools } from './round-tools.ts';
import { createAgentServer } from './server.ts';
import { createSessions } from './sessions.ts';
import { type AgentSettings, wayOf } from './settings.ts';
import { createTurns } from './turns.ts';

const HOUR = 3_600;
const DAY = 86_400;

type AgentTools = { disk: Disk; settings: AgentSettings; fetch: Fetch; now(): number; random: Random; log: Log };

export type RunningAgent = {
  /** Where it listens. */
  port: number;
  store: AgencyStore;
  desk: Desk;
  /** Does what is due, for all groups. Whether all of it was done. */
  round(): Promise<boolean>;
  stop(): Promise<void>;
};

/** Starts the server of an agent whose keystore this process holds. Rounds are the caller's to time. @throws Error */
export async function startAgent(tools: AgentTools): Promise<RunningAgent> {
  const { disk, settings, now, random, log } = tools;
  const store = await openAgentKeystore(disk);
  const groups = serveGroups(store, settings);
  const mailer = createMailer(settings.smtp, now, log);
  const older = new Set<Hex32>();
  const isSecure = settings.origin.startsWith('https:');
  const desk: Desk = {
    ...{ settings, groups, store, mailer, now, random, log, older },
    sessions: createSessions(isSecure, random),
    turns: createTurns(HOUR),
    dailyTurns: createTurns(DAY),
    resolver: boundLookups(createResolver(settings.resolvers), createTurns(HOUR), now),
    openId: rememberDesks(settings),
    takeClerkCode: openClerkDoor(disk, now),
  };
  const app = createAgentServer(desk);
  const work = { ...roundTools(store, tools), older };
  const round = () => runRounds(work, groups);
  await findOlderCopies(work, groups);
  const { host, port: wanted } = settings.listen;
  const what = `The agent cannot listen on port ${wanted} of ${host}, which "listen" of the settings names`;
  const { server, port } = await listenForPages(app.fetch, settings.listen, what);
  const stop = async () => {
    await mailer.close();
    await new Promise<void>((done) => server.close(() => done()));
  };
  return { port, store, desk, round, stop };
}

/** What a round works with: requests to the platform are signed with the issuer's key and bear no cookie, and none of its answers fills the memory. */
export function roundTools(store: AgencyStore, { settings, fetch, now, random, log }: Omit<AgentTools, 'disk'>): RoundTools {
  const seed = hexToBytes(store.now().issuer.seed);
  const limited = limitAnswers(fetch);
  const api = createIssuerApi(settings.platform, createSigningFetch(settings.platform, { seed, now, random }, limited));
  return { store, api, platform: createApi(settings.platform, limited), now, random, log, older: new Set() };
}

/** One desk for each group, made when it is first wanted, and anew after it could not be made. */
function rememberDesks(settings: AgentSettings): Desk['openId'] {
  const made = new Map<string, Promise<OpenIdDesk>>();
  return ({ id, settings: group }) => {
    const way = wayOf(group, WAYS.openId);
    if (!way) throw new TypeError('"group" does not admit by OpenID Connect');
    const known = made.get(id) ?? openSignInDesk(way, `${settings.origin}${CALLBACK_PATH}`);
    made.set(id, known);
    known.catch(() => made.delete(id));
    return known;
  };
}
