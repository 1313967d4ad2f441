import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approveIssuer } from '#db/approve-issuer.ts';
import { restoreBackup } from '#db/backup/restore-backup.ts';
import { dropKept } from '#db/backup/switch-databases.ts';
import { writeBackup } from '#db/backup/write-backup.ts';
import { connect } from '#db/client.ts';
import { eq, inArray } from '#db/drizzle.cjs';
import { sessions, signInLinks } from '#db/schema/clerks.ts';
import { endedKeys, invitations } from '#db/schema/membership.ts';
import { type KeyEnd, signRevocation, signSuccessor } from '#lib/protocol/member/key-end.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { endKey } from '#lib/server/issuers/key-ends.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  postEntry,
  publishAndCosign,
  publishGroup,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { createGroup, PLATFORM_SEED, systemRandom, type TestGroup } from '../support/world.ts';

const LATE_ISSUER = 'who came after the copy';

describe('a copy of a database', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'backup-'));
  const copy = path.join(folder, 'copy');
  const platformKey = publicKeyOf(PLATFORM_SEED);
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let asCopied: string;
  /** Seeds of issuers' keys: one that was replaced before the copy, and one that goes on for it. */
  const [replaced, goesOn] = [systemRandom(32), systemRandom(32)];
  const keyOfGroup = () => group.header.group.issuer;
  const sign = async (member: number) => {
    await postEntry(platform.ctx, await signOn(open, group, member));
    await publishAndCosign(platform, open, [1, 2, 3]);
    platform.clock.now += 10;
  };
  const dump = () => dumpDatabase(platform.databaseUrl);
  const backUp = (to = copy) => writeBackup({ databaseUrl: platform.databaseUrl, folder: to, platformKey });
  const restore = (change: Partial<Parameters<typeof restoreBackup>[0]> = {}) =>
    restoreBackup({ databaseUrl: platform.databaseUrl, folder: copy, platformKeys: [platformKey], keepBoard: false, ...change });
  beforeAll(async () => {
    platform = await startPlatform({ seed: 'loss' });
    group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
    await sign(0);
    await insertEnd(signSuccessor(1, replaced, goesOn));
    asCopied = await dump();
    // Whoever is signed in, or has a link, when the copy is made: the copy does not know of their end.
    const { clerk } = platform.keeper;
    const times = { startedAt: 1, rotatedAt: 1, expiresAt: 2_000_000_000 };
    await platform.ctx.db.insert(sessions).values({ token: 'ab'.repeat(32), clerk, isConfirmed: true, ...times });
    await platform.ctx.db.insert(signInLinks).values({ token: 'cd'.repeat(32), signIn: 'test', expiresAt: times.expiresAt });
    await backUp();
    await sign(1);
    await approveIssuer(platform.ctx.db, LATE_ISSUER);
    await endKey(platform.ctx, platform.keeper, keyOfGroup(), {});
    await platform.ctx.db.delete(endedKeys).where(eq(endedKeys.key, publicKeyOf(replaced)));
    await insertEnd(signRevocation(2, replaced));
  });
  const insertEnd = async (message: KeyEnd) =>
    platform.ctx.db.insert(endedKeys).values({
      ...{ key: message.issuer, at: message.time, message },
      successor: message.type === 'issuer-successor' ? message.successor : null,
    });
  afterAll(async () => {
    await platform?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is made while the platform runs, for its owner alone, and never over another', async () => {
    expect(statSync(copy).mode & 0o777).toBe(0o700);
    for (const file of ['manifest.json', 'board.entries']) expect(statSync(path.join(copy, file)).mode & 0o777).toBe(0o600);
    await expect(backUp()).rejects.toThrow(/is there already/);
  });

  it('is written by one at a time, over what was broken off, and holds nothing but the tables and their hashes', async () => {
    const other = path.join(folder, 'other');
    mkdirSync(`${other}.unfinished`, { mode: 0o700 });
    writeFileSync(path.join(`${other}.unfinished`, 'board.entries'), 'half of it');
    const outcomes = await Promise.allSettled([backUp(other), backUp(other)]);
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    expect(refused).toEqual([expect.stringContaining(`Another copy is being written to ${other}`)]);
    expect(readdirSync(other).sort()).toEqual(readdirSync(copy).sort());
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
    expect(readFileSync(path.join(other, 'board.entries'), 'utf8')).not.toContain('half of it');
  });

  it('does not tell in which order answers to invitations came, as the places of their rows do', async () => {
    const tickets = ['ff', '88', '11'].map((byte) => byte.repeat(32));
    for (const ticket of tickets) await platform.ctx.db.insert(invitations).values({ ticket, groupId: group.id });
    const other = path.join(folder, 'unordered');
    await backUp(other);
    const rows = readFileSync(path.join(other, 'membership.invitations'), 'utf8').trimEnd().split('\n');
    expect(rows.map((row) => tickets.findIndex((ticket) => row.includes(ticket)))).toEqual([2, 1, 0]);
    await platform.ctx.db.delete(invitations).where(inArray(invitations.ticket, tickets));
  });

  it('is not put back while the platform runs, nor when it is not whole, nor under another key: nothing is changed', async () => {
    await expect(restore()).rejects.toThrow(/^\d+ connections to the database are open\. Stop every web process/);
    await platform.ctx.close();
    const before = await dump();
    await expect(restore({ platformKeys: ['ab'.repeat(32)] })).rejects.toThrow('another key');
    const file = path.join(copy, 'board.checkpoints');
    const rows = readFileSync(file);
    writeFileSync(file, rows.subarray(1));
    await expect(restore()).rejects.toThrow(/board\.checkpoints is damaged/);
    writeFileSync(file, rows);
    expect(await dump()).toBe(before);
  });

  it('is not put back over a board that has gone further, and without boards brings back the rest', async () => {
    const before = await dump();
    await expect(restore()).rejects.toThrow(`checkpoint 2 of statement ${open.context.id}`);
    expect(await dump()).toBe(before);
    expect(before).toContain(LATE_ISSUER);
    expect(await restore({ keepBoard: true })).toContain('_before_');
    const after = await dump();
    expect(after).not.toContain(LATE_ISSUER);
    const sql = postgres(platform.databaseUrl, { max: 1 });
    expect(await sql`select number from board.checkpoints order by number`).toMatchObject([{ number: 1 }, { number: 2 }]);
    await sql.end();
    expect(await dropKept(platform.databaseUrl)).toHaveLength(1);
  });

  it('signs nobody in, revives no key of an issuer that has ended since, and makes no end milder', async () => {
    const { db, close } = connect(platform.databaseUrl, 1);
    const signedIn = [...(await db.select().from(sessions)), ...(await db.select().from(signInLinks))];
    const ended = await db.select().from(endedKeys);
    await close();
    expect(signedIn).toEqual([]);
    const ends = new Map(ended.map(({ key, message, successor }) => [key, [message?.type, successor]]));
    expect(ends).toEqual(
      new Map([
        [publicKeyOf(replaced), ['issuer-revocation', null]],
        [keyOfGroup(), [undefined, null]],
      ]),
    );
  });

  it('brings back every value where there is nothing any more, and numbers go on after the highest', async () => {
    const url = new URL(platform.databaseUrl);
    const name = url.pathname.slice(1);
    url.pathname = '/template1';
    const admin = postgres(url.href, { max: 1 });
    await admin`alter database ${admin(name)} rename to ${admin(`${name}_lost`)}`;
    expect(await restore()).toBeNull();
    const valuesOf = (text: string) => text.split('\n').sort(); // a server lists its tables in any order
    expect(valuesOf(await dump())).toEqual(valuesOf(asCopied));
    const { db, close } = connect(platform.databaseUrl, 1);
    expect(await approveIssuer(db, LATE_ISSUER)).toBe(true);
    await close();
    await admin`drop database ${admin(`${name}_lost`)} with (force)`;
    await admin.end();
  });
});
