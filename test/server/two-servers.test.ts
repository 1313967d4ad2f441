import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entries } from '#db/schema/board.ts';
import { makeSignInLink } from '#db/sign-in-link.ts';
import { createApi } from '#lib/api/client.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import { type BuiltServer, startBuiltServer } from '../support/built-server.ts';
import { migrateFurther } from '../support/newer-version.ts';
import {
  inventNames,
  listCheckpoints,
  type OpenStatement,
  openKeyedStatement,
  publishAndCosign,
  publishGroup,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

const PUBLIC_URL = 'https://platform.example';
const SIGNERS = 10;

describe('two servers on one database', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let servers: BuiltServer[];
  beforeAll(async () => {
    platform = await startPlatform({ seed: 'two servers' });
    group = createGroup('Harbour pilots', inventNames(SIGNERS), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
    servers = await Promise.all([
      startBuiltServer(platform, { publicUrl: PUBLIC_URL }),
      startBuiltServer(platform, { publicUrl: PUBLIC_URL }),
    ]);
  }, 600_000);
  afterAll(async () => {
    await Promise.all(servers?.map((server) => server.stop()) ?? []);
    await platform?.stop();
  });

  /** A request of an issuer's browser to one of them. */
  const ask = (server: number, method: string, { cookie = '', body }: { cookie?: string; body?: unknown } = {}) =>
    fetch(`${servers[server]?.origin}/api/issuer/session`, {
      method,
      headers: { Origin: PUBLIC_URL, Cookie: cookie },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  it('take a one-time link once, though both are asked at the same instant, and end a session for each other', async () => {
    const link = await makeSignInLink(platform.databaseUrl, PUBLIC_URL, Math.floor(Date.now() / 1000));
    const body = { token: new URL(link).hash.slice(1) };
    const entered = await Promise.all([0, 1, 0, 1].map((server) => ask(server, 'POST', { body })));
    const taken = entered.filter(({ ok }) => ok);
    expect([taken.length, entered.map(({ status }) => status).sort()]).toEqual([1, [204, 401, 401, 401]]);
    const cookie = taken[0]?.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    expect(await Promise.all([0, 1].map(async (server) => (await ask(server, 'GET', { cookie })).status))).toEqual([200, 200]);
    await ask(0, 'DELETE', { cookie });
    expect((await ask(1, 'GET', { cookie })).status).toBe(401);
  });

  it('lose no signature for which there is a receipt when one is killed under load, and count none twice', async () => {
    const bodies = await Promise.all(
      Array.from({ length: SIGNERS }, async (_, member) => ({
        entry: await signOn(open, group, member),
        salt: createListingSalt(systemRandom),
      })),
    );
    // Every wallet sends to both, as one does that was not answered and is led to the other.
    const send = (server: number) =>
      bodies.map((body) =>
        createApi(servers[server]?.origin as string, fetch)
          .postSignature(open.context.id, body)
          .catch(() => null),
      );
    const [killed, left] = [send(1), send(0)];
    await Promise.race(killed);
    await servers[1]?.kill();
    const receipts = await Promise.all(left);
    expect(receipts.every((receipt) => receipt?.action === 'sign')).toBe(true);
    const known = new Set(receipts.map((receipt) => receipt?.entry));
    for (const receipt of await Promise.all(killed)) expect(receipt === null || known.has(receipt.entry)).toBe(true);
    const stored = await platform.ctx.db.select({ nullifier: entries.nullifier }).from(entries);
    expect(stored.map(({ nullifier }) => String(nullifier)).sort()).toEqual(bodies.map(({ entry }) => entry.nullifier).sort());
  });

  it('go on, and start again, on a database that a newer version has brought further by what only adds', async () => {
    const readIndex = (server: number) => fetch(`${servers[server]?.origin}/api/anonymous/statements/${open.context.id}/board`);
    expect((await readIndex(0)).status).toBe(200);
    await migrateFurther(
      platform.databaseUrl,
      [
        'CREATE TABLE "board"."notes" ("statement" "bytea" REFERENCES "board"."statements"("id") ON DELETE cascade);',
        `ALTER TABLE "board"."statements" ADD COLUMN "colour" text DEFAULT 'red' NOT NULL;`,
        `ALTER TABLE "board"."entries" ADD COLUMN "colour" text DEFAULT 'red' NOT NULL;`,
        'ALTER TABLE "board"."checkpoints" ADD COLUMN "colour" text;',
        'CREATE INDEX "entries_colour" ON "board"."entries" USING btree ("colour");',
      ].join('--> statement-breakpoint'),
    );
    servers[1] = await startBuiltServer(platform, { publicUrl: PUBLIC_URL });
    expect(servers[1].log.filter((line) => line.includes('A newer version has brought the database further'))).toHaveLength(1);
    const later = await openKeyedStatement(platform, [group], { count: 3 });
    for (const [server, signer] of [0, 1, 1].entries()) {
      const body = { entry: await signOn(later, group, server), salt: createListingSalt(systemRandom) };
      const receipt = await createApi(servers[signer]?.origin as string, fetch).postSignature(later.context.id, body);
      expect(receipt.action).toBe('sign');
    }
    await publishAndCosign(platform, later, [0, 1, 2]);
    const [newest] = (await listCheckpoints(platform.ctx, later.context.id)).slice(-1);
    expect(newest?.live.map(({ count }) => count)).toEqual([3]);
    await servers[1].kill();
    servers[1] = await startBuiltServer(platform, { publicUrl: PUBLIC_URL });
    expect((await readIndex(1)).status).toBe(200);
  }, 120_000);
});
