// The platform as one process: its real routes, verbs and clock, without Next in between. It has a database of its own, or, with an
// address of one as its second argument, is a further process on that of another. It is started in a folder that looks like the
// checkout but whose manifest lists the bench key: the platform itself knows no way to accept that key.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import { GET as getPolicies } from '#app/api/anonymous/groups/[id]/policies/route.ts';
import { GET as getPlatform } from '#app/api/anonymous/platform/route.ts';
import { GET as getSegment } from '#app/api/anonymous/statements/[id]/board/[from]/[hash]/route.ts';
import { GET as getBoardIndex } from '#app/api/anonymous/statements/[id]/board/route.ts';
import { POST as readForCommittee } from '#app/api/anonymous/statements/[id]/committee/route.ts';
import { GET as listMessages, POST as postMessage } from '#app/api/anonymous/statements/[id]/messages/route.ts';
import { GET as getStatement } from '#app/api/anonymous/statements/[id]/route.ts';
import { POST as postSignature } from '#app/api/anonymous/statements/[id]/signatures/route.ts';
import { GET as listTrusteeStatements } from '#app/api/anonymous/trustees/[key]/statements/route.ts';
import { approveIssuer, type ClerkOf, findClerk } from '#db/approve-issuer.ts';
import { count, eq } from '#db/drizzle.cjs';
import { startPostgres } from '#db/embedded-postgres.ts';
import { migrate } from '#db/migrate.ts';
import { checkpoints, entries } from '#db/schema/board.ts';
import { revealedNames } from '#db/schema/reveal.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { type Body, listedHash } from '#lib/protocol/board/listed.ts';
import { entryHash, fieldOf } from '#lib/protocol/board/signature.ts';
import { createContext } from '#lib/server/context.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { publishRoll } from '#lib/server/rolls/publish.ts';
import { openStatement } from '#lib/server/statements/open.ts';
import { startTicker } from '#lib/server/ticker.ts';
import { BEGIN, GRACE_MARGIN } from '../make-record/stage.ts';
import type { StageFile } from './bench-stage.ts';

type Handler = (request: Request, context: { params: Promise<never> }) => Promise<Response>;

const STATEMENT = '/api/anonymous/statements/(?<id>[0-9a-f]{64})';
const ROUTES: [method: string, address: RegExp, handler: unknown][] = [
  ['GET', /^\/api\/anonymous\/platform$/, getPlatform],
  ['GET', /^\/api\/anonymous\/trustees\/(?<key>[0-9a-f]{64})\/statements$/, listTrusteeStatements],
  ['GET', /^\/api\/anonymous\/groups\/(?<id>[0-9a-f]{64})\/policies$/, getPolicies],
  ['GET', new RegExp(`^${STATEMENT}$`), getStatement],
  ['POST', new RegExp(`^${STATEMENT}/signatures$`), postSignature],
  ['GET', new RegExp(`^${STATEMENT}/messages$`), listMessages],
  ['POST', new RegExp(`^${STATEMENT}/messages$`), postMessage],
  ['POST', new RegExp(`^${STATEMENT}/committee$`), readForCommittee],
  ['GET', new RegExp(`^${STATEMENT}/board$`), getBoardIndex],
  ['GET', new RegExp(`^${STATEMENT}/board/(?<from>\\d+)/(?<hash>[0-9a-f]{64})$`), getSegment],
];

const stage = JSON.parse(await readFile(process.argv[2] as string, 'utf8')) as StageFile;
const shared = process.argv[3];
const own = shared === undefined ? await startPostgres({ folder: path.resolve('data'), durable: true }) : undefined;
const databaseUrl = own?.url ?? (shared as string);
if (own) await migrate(own.url);
const begun = performance.now();
const ctx = await createContext({
  databaseUrl,
  publicUrl: 'http://127.0.0.1',
  newIssuers: 'anybody',
  trial: false,
  graceMargin: GRACE_MARGIN,
  signingSeed: hexToBytes(stage.platform),
  trustees: [],
  now: () => BEGIN + 500 + Math.floor((performance.now() - begun) / 1000),
});
(globalThis as { roundRobinContext?: unknown }).roundRobinContext = Promise.resolve(ctx);
if (own) await setScene();
const ticker = startTicker(ctx);

/** Opens the statement of the stage, with its group and its key. */
async function setScene(): Promise<void> {
  const { group } = stage;
  await approveIssuer(ctx.db, 'bench');
  const keeper = (await findClerk(ctx.db, 'bench')) as ClerkOf;
  await claimGroup(ctx, keeper, signGroupClaim(group.name, ctx.now(), hexToBytes(group.seed)));
  const roll = { header: group.header, leaves: group.leaves, enrolled: [] };
  await publishRoll(ctx, keeper, group.id, roll, Buffer.from(group.capsules, 'base64'));
  await openStatement(ctx, stage.statement, { by: 'account', group: group.id });
  for (const message of stage.messages) await acceptMessage(ctx, stage.id, message);
}

/** What only the bench asks: the memory of this process, the names so far, and to take entries as if their proofs had been checked. */
async function answerBench(incoming: IncomingMessage, body: Buffer): Promise<string | null> {
  if (incoming.url === '/memory') {
    globalThis.gc?.();
    return String(process.memoryUsage().rss);
  }
  if (incoming.url === '/names') {
    const rows = await ctx.db.select({ body: revealedNames.body }).from(revealedNames).where(eq(revealedNames.statement, stage.id));
    return String(rows.reduce((sum, { body }) => sum + body.names.length, 0));
  }
  if (incoming.url === '/head') {
    const [row] = await ctx.db.select({ head: count() }).from(checkpoints).where(eq(checkpoints.statement, stage.id));
    return String(row?.head);
  }
  if (incoming.url !== '/entries') return null;
  const rows = (JSON.parse(body.toString()) as Body[]).map(({ entry, salt }) => ({
    statement: stage.id,
    nullifier: fieldOf(entry.nullifier),
    action: entry.said.action,
    groupId: entry.said.group,
    hash: entryHash(entry),
    salt,
    listed: listedHash(entryHash(entry), salt),
    body: entry,
    publishBy: stage.statement.deadline,
  }));
  await ctx.db.insert(entries).values(rows);
  return '';
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const told = await answerBench(incoming, body);
  if (told !== null) return void outgoing.end(told);
  const url = new URL(`http://127.0.0.1${incoming.url}`);
  for (const [method, address, handler] of ROUTES) {
    const match = method === incoming.method && address.exec(url.pathname);
    if (!match) continue;
    const request = new Request(url, method === 'POST' ? { method, body } : {});
    const response = await (handler as Handler)(request, { params: Promise.resolve(match.groups as never) });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    return void outgoing.end(Buffer.from(await response.arrayBuffer()));
  }
  outgoing.writeHead(404).end();
}

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch(() => outgoing.destroy()); // whoever asked has been killed
});
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port} ${databaseUrl}`));
process.once('SIGTERM', async () => {
  server.closeAllConnections();
  await ticker.stop();
  await ctx.close();
  await own?.stop();
  process.exit(0);
});
