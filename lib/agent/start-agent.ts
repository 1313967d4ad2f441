import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { hexToBytes } from '@noble/hashes/utils.js';
import { createIssuerApi } from '#lib/api/issuer-client.ts';
import { createSigningFetch } from '#lib/api/issuer-request.ts';
import type { Fetch } from '#lib/api/request.ts';
import type { Disk } from '#lib/host/disk.ts';
import { listenCause } from '#lib/host/listen-cause.ts';
import type { Log } from '#lib/host/log.ts';
import { WAYS } from '#lib/issuing/ways.ts';
import type { Random } from '#lib/protocol/numbers/random.ts';
import { takeClerkCode } from './clerk-code.ts';
import { type Desk, serveGroups } from './desk.ts';
import { type AgencyStore, openAgentKeystore } from './keystore.ts';
import { createMailer } from './mailer.ts';
import { type OpenIdDesk, openSignInDesk } from './openid.ts';
import { CALLBACK_PATH } from './openid-pages.ts';
import { createResolver } from './resolver.ts';
import { type RoundTools, runRounds } from './round.ts';
import { createAgentServer } from './server.ts';
import { createSessions } from './sessions.ts';
import { type AgentSettings, wayOf } from './settings.ts';
import { createTurns } from './turns.ts';

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
  const mailer = createMailer(settings.smtp, log);
  const isSecure = settings.origin.startsWith('https:');
  const desk: Desk = {
    ...{ settings, groups, store, mailer, now, random, log },
    sessions: createSessions(isSecure, random),
    turns: createTurns(),
    resolver: createResolver(settings.resolvers),
    openId: rememberDesks(settings),
    takeClerkCode: (text) => takeClerkCode(disk, text, now()),
  };
  const looks = ['../../app/globals.css', './pages/agent.css'].map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'));
  const app = createAgentServer(desk, looks);
  const round = () => runRounds(roundTools(store, tools), groups);
  const { server, port } = await listen(app.fetch, settings.listen);
  const stop = async () => {
    await mailer.settled();
    await new Promise<void>((done) => server.close(() => done()));
  };
  return { port, store, desk, round, stop };
}

/** Connections at a time, and how long a form may take: what they hold in memory together stays bounded. */
const MOST_CONNECTIONS = 1_000;
const PATIENCE = { requestTimeout: 20_000, headersTimeout: 10_000, connectionsCheckingInterval: 5_000 };

/** @throws Error with a sentence on why the port of the settings cannot be had */
function listen(fetch: Parameters<typeof serve>[0]['fetch'], { host, port }: AgentSettings['listen']) {
  return new Promise<{ server: ServerType; port: number }>((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port, serverOptions: PATIENCE }, (address: AddressInfo) =>
      resolve({ server, port: address.port }),
    );
    (server as Server).maxConnections = MOST_CONNECTIONS;
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`The agent cannot listen on port ${port} of ${host}, which "listen" of the settings names: ${listenCause(error)}.`));
    });
  });
}

/** What a round works with: requests to the platform are signed with the issuer's key, and bear no cookie. */
export function roundTools(store: AgencyStore, { settings, fetch, now, random, log }: Omit<AgentTools, 'disk'>): RoundTools {
  const seed = hexToBytes(store.now().issuer.seed);
  const api = createIssuerApi(settings.platform, createSigningFetch(settings.platform, { seed, now, random }, fetch));
  return { store, api, now, random, log };
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
