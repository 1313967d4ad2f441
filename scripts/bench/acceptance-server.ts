// The platform as one process with a database of its own, for the acceptance bench. It is started in a folder that looks like
// the checkout but whose manifest lists the bench key: the platform itself knows no way to accept that key.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import { GET as getStatement } from '../../app/api/anonymous/statements/[id]/route.ts';
import { POST as postSignature } from '../../app/api/anonymous/statements/[id]/signatures/route.ts';
import { startPostgres } from '../../db/embedded-postgres.ts';
import { migrate } from '../../db/migrate.ts';
import { issuers } from '../../db/schema.ts';
import { signGroupClaim } from '../../lib/api/group-claim.ts';
import type { KeyMessage } from '../../lib/protocol/key-messages.ts';
import type { RollHeader } from '../../lib/protocol/roll.ts';
import type { Statement } from '../../lib/protocol/statement.ts';
import { publishCheckpoints } from '../../lib/server/board/publish-checkpoints.ts';
import { createContext } from '../../lib/server/context.ts';
import { claimGroup } from '../../lib/server/groups/claim.ts';
import { acceptMessage } from '../../lib/server/messages/accept.ts';
import { publishRoll } from '../../lib/server/rolls/publish.ts';
import { openStatement } from '../../lib/server/statements/open.ts';
import { BEGIN } from '../make-record/stage.ts';

/** What the bench prepares: everything up to a statement that can be signed. Seeds are hex. */
export type AcceptanceStage = {
  id: string;
  group: { id: string; name: string; seed: string; header: RollHeader; leaves: string[] };
  statement: Statement;
  messages: KeyMessage[];
  platform: string;
};

const stage = JSON.parse(await readFile(process.argv[2] as string, 'utf8')) as AcceptanceStage;
const database = await startPostgres({ folder: path.resolve('data'), durable: true });
await migrate(database.url);
const begun = performance.now();
const ctx = await createContext({
  databaseUrl: database.url,
  publicUrl: 'http://127.0.0.1',
  trial: false,
  graceMinimum: 5,
  signingSeed: hexToBytes(stage.platform),
  trustees: [],
  now: () => BEGIN + 500 + Math.floor((performance.now() - begun) / 1000),
});
(globalThis as { roundRobinContext?: unknown }).roundRobinContext = Promise.resolve(ctx);
const [account] = await ctx.db.insert(issuers).values({ signIn: 'bench' }).returning();
const { group } = stage;
const issuer = account?.id ?? '';
await claimGroup(ctx, issuer, signGroupClaim(group.name, ctx.now(), hexToBytes(group.seed)));
await publishRoll(ctx, issuer, group.id, { header: group.header, leaves: group.leaves, enrolled: [] });
await openStatement(ctx, stage.statement);
for (const message of stage.messages) await acceptMessage(ctx, stage.id, message);

let last = ctx.now();
const ticking = setInterval(() => {
  const since = last;
  last = ctx.now();
  void publishCheckpoints(ctx, since);
}, 1000);

const server = createServer(async (incoming, outgoing) => {
  if (incoming.url === '/memory') return void outgoing.end(String(process.memoryUsage().rss));
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const isPost = incoming.method === 'POST';
  const request = new Request(`http://127.0.0.1${incoming.url}`, isPost ? { method: 'POST', body: Buffer.concat(parts) } : {});
  const params = { params: Promise.resolve({ id: stage.id }) };
  const answer = await (isPost ? postSignature : getStatement)(request, params);
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
});
server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', async () => {
  clearInterval(ticking);
  server.closeAllConnections();
  await ctx.close();
  await database.stop();
  process.exit(0);
});
