import { createServer, type Server, type Socket } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '#db/client.ts';
import { sql } from '#db/drizzle.cjs';
import { migrate } from '#db/migrate.ts';
import { createProbe } from '#db/probe.ts';
import { mailTurns } from '#db/schema/clerks.ts';
import { startTestPostgres, type TestDatabase } from '../support/postgres.ts';
import { relayTo } from '../support/relay.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestPostgres();
});
afterAll(() => database?.stop());

/** The sentence with which the start fails for an address. */
async function sentenceFor(url: string): Promise<string> {
  const error = await migrate(url).then(
    () => new Error('the database was taken'),
    (reason: unknown) => reason as Error,
  );
  return error.message;
}

const change = (set: (url: URL) => unknown): string => {
  const url = new URL(database.url);
  set(url);
  return url.href;
};

async function listen(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port };
}

/** Runs statements as the superuser of the test server. */
async function asOwner(...statements: string[]): Promise<void> {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}

describe('the cause that a database cannot be used', () => {
  const SECRET = 'pa55w0rd-nobody-may-see';

  it.each<[string, (url: URL) => unknown, RegExp]>([
    ['a wrong password', (url) => Object.assign(url, { password: SECRET }), /refuses the password/],
    [
      'a user that is not there',
      (url) => Object.assign(url, { username: 'nobody-known' }),
      /refuses the password, or does not know the user/,
    ],
    ['a database that is missing', (url) => Object.assign(url, { pathname: '/nothing_of_the_kind' }), /does not have the database/],
    ['a closed port', (url) => Object.assign(url, { port: '1' }), /nothing listens on the host and port/],
    ['a host without an address', (url) => Object.assign(url, { hostname: 'nowhere.invalid' }), /name of the host/],
    ['an unknown parameter', (url) => url.searchParams.set('pool_size', '5'), /does not know the parameter "pool_size"/],
    ['TLS that the server does not speak', (url) => url.searchParams.set('sslmode', 'require'), /does not speak TLS/],
    ['a bad value of a parameter', (url) => url.searchParams.set('statement_timeout', 'soon'), /value of a parameter/],
  ])('is told for %s, without address, user and password', async (_, set, expected) => {
    const url = change(set);
    const sentence = await sentenceFor(url);
    expect(sentence).toMatch(expected);
    const { password, hostname, port } = new URL(url);
    for (const part of [password, SECRET, `${hostname}:${port}`, url, '//']) expect(sentence).not.toContain(part);
  });

  it('is told for an address that cannot be read, without the address', async () => {
    const sentence = await sentenceFor(`postgres://me:${SECRET}/4#x@localhost/db`);
    expect(sentence).toMatch(/cannot be read.*%2F/);
    expect(sentence).not.toContain(SECRET);
  });

  it('is told for a server that has no room', async () => {
    await asOwner("create user crowd password 'crowd' connection limit 0");
    const url = change((one) => Object.assign(one, { username: 'crowd', password: 'crowd' }));
    expect(await sentenceFor(url)).toMatch(/as many connections already as it takes/);
  });

  it('is told for a user that may make no schema', async () => {
    await asOwner("create user guest password 'guest'");
    const url = change((one) => Object.assign(one, { username: 'guest', password: 'guest' }));
    expect(await sentenceFor(url)).toMatch(/needs the right to create schemas/);
  });

  it('is told for a server that hangs, which is not waited for without an end', { timeout: 30_000 }, async () => {
    const { server, port } = await listen(() => {});
    expect(await sentenceFor(`postgres://me:${SECRET}@127.0.0.1:${port}/db`)).toMatch(/did not answer in time/);
    server.close();
  });

  it('is told for what listens there and is no database', async () => {
    const { server, port } = await listen((socket) => socket.end());
    expect(await sentenceFor(`postgres://me:${SECRET}@127.0.0.1:${port}/db`)).toMatch(/closed the connection at once/);
    server.close();
  });
});

describe('an error of the database', () => {
  it('holds nothing of what was asked, in a transaction or out of one', async () => {
    await migrate(database.url);
    const { db, close } = connect(database.url);
    const insert = () => db.insert(mailTurns).values({ key: 'jane.roe@example.org', hour: 1, count: 1 });
    await insert();
    const failures = await Promise.allSettled([
      insert(),
      db.transaction(async (tx) => {
        await tx.insert(mailTurns).values({ key: 'jane.roe@example.org', hour: 1, count: 1 });
      }),
      db.transaction((tx) =>
        tx.transaction((nested) => nested.insert(mailTurns).values({ key: 'jane.roe@example.org', hour: 1, count: 1 })),
      ),
    ]);
    for (const failure of failures) {
      const { reason } = failure as PromiseRejectedResult;
      expect(reason).toMatchObject({ name: 'DatabaseError', code: '23505', constraint: 'mail_turns_pkey', isUnavailable: false });
      expect(reason.cause).toBeUndefined();
      const all = [reason.stack, ...Object.getOwnPropertyNames(reason).map((name) => String(reason[name]))].join('\n');
      expect(all).not.toMatch(/jane|insert|Failed query/i);
    }
    await close();
  });

  it('says that asking later may help where a standby has taken the place of the server, and that it is one at the start', async () => {
    await migrate(database.url);
    await asOwner("create user follower password 'follower' superuser", 'alter user follower set default_transaction_read_only = on');
    const url = change((one) => Object.assign(one, { username: 'follower', password: 'follower' }));
    const { db, close } = connect(url);
    const insert = db.insert(mailTurns).values({ key: 'ann', hour: 1, count: 1 });
    await expect(insert).rejects.toMatchObject({ name: 'DatabaseError', code: '25006', isUnavailable: true });
    await close();
    await asOwner('drop schema drizzle cascade');
    expect(await sentenceFor(url)).toMatch(/standby or set to read only/);
  });

  it('says that asking later may help where two transactions stand in each other’s way', async () => {
    const { db, close } = connect(database.url);
    const raise = db.execute(sql`do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$`);
    await expect(raise).rejects.toMatchObject({ name: 'DatabaseError', code: '40P01', isUnavailable: true });
    await close();
  });

  it('leaves what is thrown by others in a transaction as it is', async () => {
    const { db, close } = connect(database.url);
    const own = new Error('not of the database');
    await expect(db.transaction(() => Promise.reject(own))).rejects.toBe(own);
    await close();
  });

  it('says that asking later may help where a server lets go before it says a word', async () => {
    const { server, port } = await listen((socket) => socket.destroy());
    const { db, close } = connect(change((url) => Object.assign(url, { port: String(port) })));
    await expect(db.select().from(mailTurns)).rejects.toMatchObject({ name: 'DatabaseError', isUnavailable: true });
    await close();
    server.close();
  });
});

describe('the probe', () => {
  it('tells a server that answers from one that hangs and from one that is gone, and notices a return', { timeout: 30_000 }, async () => {
    const relay = await relayTo(database.url);
    const probe = createProbe(relay.url);
    expect(await probe.isAlive()).toBe(true);
    relay.hang();
    await expect.poll(() => probe.isAlive(), { timeout: 15_000 }).toBe(false);
    await relay.heal();
    await expect.poll(() => probe.isAlive(), { timeout: 15_000 }).toBe(true);
    relay.cut();
    await expect.poll(() => probe.isAlive(), { timeout: 15_000 }).toBe(false);
    await relay.heal();
    await expect.poll(() => probe.isAlive(), { timeout: 15_000 }).toBe(true);
    relay.stop();
    await probe.close();
  });
});
