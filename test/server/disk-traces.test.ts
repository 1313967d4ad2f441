import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { sql } from '#db/drizzle.cjs';
import { type RunningPostgres, startPostgres } from '#db/embedded-postgres.ts';
import { answers, challenges } from '#db/schema/asking.ts';
import { entries } from '#db/schema/board.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { fieldOf } from '#lib/protocol/board/signature.ts';
import { SEALED_ANSWER_BYTES } from '#lib/protocol/challenge/answer.ts';
import { commitmentOf } from '#lib/protocol/member/credential.ts';
import { createInvitation, enrolmentTicket, sealEnrolment } from '#lib/protocol/member/enrolment.ts';
import { membershipOf } from '#lib/protocol/member/token.ts';
import { createHpkeKeyPair } from '#lib/protocol/messages/hpke.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { createTraceEraser, type TraceEraser } from '#lib/server/board/erase-traces.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { acceptEnrolment } from '#lib/server/enrolments/accept.ts';
import { addInvitations } from '#lib/server/enrolments/invite.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { createEntryWriter } from '#lib/server/signatures/entry-writer.ts';
import {
  inventNames,
  type OpenStatement,
  openKeyedStatement,
  publishGroup,
  publishRollOf,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { storeUncheckedSignatures } from '../support/unchecked-signatures.ts';
import { unprovenBody } from '../support/unproven-entries.ts';
import { createGroup, systemRandom } from '../support/world.ts';

const CADENCE = 3_600;
/** The order in which they come. */
const NULLIFIERS = [9_000_003, 9_000_002, 9_000_001];
/** Microseconds of 2000-01-01, from which PostgreSQL counts. */
const EPOCH = BigInt(Date.UTC(2000, 0, 1)) * 1000n;

/** What can be read off the disk of the private PostgreSQL, byte by byte */
describe('the files of the private database (T25)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'traces-'));
  const cluster = path.join(folder, 'cluster');
  let server: RunningPostgres;
  let platform: TestPlatform;
  let open: OpenStatement;
  let group: string;
  /** One that has been at work since before anything came: a fresh one goes over everything. */
  let eraser: TraceEraser;
  /** When each signature was stored, in microseconds as PostgreSQL writes them. */
  const windows: [from: bigint, to: bigint][] = [];
  const before = process.env.TEST_DATABASE_URL;

  const clock = async (): Promise<bigint> => {
    const [row] = await platform.ctx.db.execute<{ us: string }>(
      sql`select (extract(epoch from clock_timestamp()) * 1000000)::bigint as us`,
    );
    return BigInt(row?.us ?? 0) - EPOCH;
  };

  beforeAll(async () => {
    server = await startPostgres({ folder, durable: true });
    process.env.TEST_DATABASE_URL = server.url;
    platform = await startPlatform();
    const pilots = createGroup('Harbour pilots', inventNames(8), systemRandom);
    group = pilots.id;
    await publishGroup(platform, pilots);
    open = await openKeyedStatement(platform, [pilots], { count: 3 }, { cadence: CADENCE, mergeDelay: 7_200, grace: 9_000 });
    eraser = createTraceEraser(platform.ctx.db, 0);
    await eraser.eraseDue();
    for (const nullifier of NULLIFIERS) {
      const from = await clock();
      await storeUncheckedSignatures(platform, open, group, nullifier, 1);
      windows.push([from, await clock()]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  afterAll(async () => {
    if (before === undefined) delete process.env.TEST_DATABASE_URL;
    else process.env.TEST_DATABASE_URL = before;
    await platform?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const filesIn = (place: string) =>
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));

  /** The files in which a time from one of the windows stands, as PostgreSQL writes times. */
  const filesWithTimes = () =>
    filesIn(cluster).filter((file) => {
      const bytes = readFileSync(file);
      return windows.some(([from, to]) => {
        for (const high of new Set([from >> 32n, to >> 32n])) {
          const upperHalf = Buffer.alloc(4);
          upperHalf.writeInt32LE(Number(high));
          for (let at = bytes.indexOf(upperHalf, 4); at >= 0; at = bytes.indexOf(upperHalf, at + 1)) {
            const time = bytes.readBigInt64LE(at - 4);
            if (time >= from && time <= to) return true;
          }
        }
        return false;
      });
    });

  const filesHolding = async (needles: readonly Buffer[]): Promise<string[]> => {
    await platform.ctx.db.execute(sql`checkpoint`);
    return filesIn(cluster).filter((file) => needles.some((needle) => readFileSync(file).includes(needle)));
  };

  /** Where the nullifiers stand in the file of the table, in the order of the file. */
  const placesInTable = async (): Promise<number[]> => {
    await platform.ctx.db.execute(sql`checkpoint`); // it is written to its file then
    const [row] = await platform.ctx.db.execute<{ file: string }>(sql`select pg_relation_filepath('board.entries') as file`);
    const bytes = readFileSync(path.join(cluster, row?.file ?? ''));
    const found = NULLIFIERS.flatMap((nullifier) => {
      const needle = Buffer.from(nullifier.toString(16).padStart(64, '0'), 'hex');
      const places: { at: number; nullifier: number }[] = [];
      for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) places.push({ at, nullifier });
      return places;
    });
    // Each row has it twice: as its nullifier, and as the salt that `unprovenBody` gives it.
    return found.sort((a, b) => a.at - b.at).flatMap(({ nullifier }, i) => (i % 2 === 0 ? nullifier : []));
  };

  it('hold the times of signatures until their checkpoint is published, and none afterwards', async () => {
    expect(filesWithTimes().some((file) => file.includes('pg_wal'))).toBe(true);
    expect(await placesInTable()).toHaveLength(3);
    platform.clock.now += CADENCE;
    await publishCheckpoints(platform.ctx);
    await eraser.eraseDue();
    expect(filesWithTimes()).toEqual([]);
  });

  it('hold each row once, in an order and with transactions that do not tell the order of arrival', async () => {
    const order = await placesInTable();
    expect(order).toHaveLength(3);
    const listedOf = (nullifier: number) => unprovenBody(open.context.id, nullifier, { action: 'sign', group }).listed;
    const asListed = [...NULLIFIERS].sort((a, b) => (listedOf(a) < listedOf(b) ? -1 : 1));
    expect([asListed, [...asListed].reverse()]).toContainEqual(order); // pages are filled from their end
    const rows = await platform.ctx.db.execute<{ nullifier: Buffer; xmin: string }>(
      sql`select nullifier, xmin::text as xmin from board.entries order by ctid`,
    );
    expect(rows.map(({ nullifier }) => Number(BigInt(`0x${nullifier.toString('hex')}`)))).toEqual(asListed);
    expect(new Set(rows.map(({ xmin }) => xmin)).size).toBe(1);
  });

  it('T74: hold answers to a challenge in an order and with transactions that do not tell the order of arrival', async () => {
    const { ctx } = platform;
    const challenge = 'c4'.repeat(32);
    const row = { id: challenge, asker: challenge, expires: platform.clock.now + 86_400, body: {} as never, headers: [] };
    await ctx.db.insert(challenges).values(row);
    const hashes = ['cc', 'aa', 'bb'].map((byte) => byte.repeat(32));
    for (const hash of hashes) await ctx.db.insert(answers).values({ challenge, hash, ciphertext: systemRandom(SEALED_ANSWER_BYTES) });
    const stored = () =>
      ctx.db.execute<{ hash: Buffer; xmin: string }>(sql`select hash, xmin::text as xmin from asking.answers order by ctid`);
    expect((await stored()).map(({ hash }) => hash.toString('hex'))).toEqual(hashes);
    await eraser.eraseDue();
    const after = await stored();
    expect(after.map(({ hash }) => hash.toString('hex'))).toEqual(hashes.toSorted());
    expect(new Set(after.map(({ xmin }) => xmin)).size).toBe(1);
  });

  it('hold nothing of a signature that was not opened, once the time is over', async () => {
    const { ctx, clock } = platform;
    const needles = NULLIFIERS.flatMap((nullifier) => [
      Buffer.from(nullifier.toString(16).padStart(64, '0'), 'hex'),
      Buffer.from(`"${nullifier}"`),
    ]);
    await ctx.db.execute(sql`analyze`); // as the server does by itself, which keeps samples of what stands in the tables
    expect((await filesHolding(needles)).length).toBeGreaterThan(0);
    clock.now = destructionTime(open.context.statement);
    await eraseUnopened(ctx);
    expect((await filesHolding(needles)).length).toBeGreaterThan(0); // deleted, and still on the disk
    await eraser.eraseDue();
    expect(await filesHolding(needles)).toEqual([]);
  });

  it('hold no answer to an invitation, nor when it came, once a roll has taken it up', async () => {
    const { ctx, keeper } = platform;
    const cooks = createGroup('Ship cooks', inventNames(8), systemRandom);
    await claimGroup(ctx, keeper, signGroupClaim('Ship cooks', ctx.now(), cooks.seed));
    const enrolmentKey = bytesToHex(createHpkeKeyPair(systemRandom).publicKey);
    const answers = cooks.members.map(({ identity, name }) => {
      const enrolled = { commitment: commitmentOf(identity, cooks.id), membership: membershipOf(identity, cooks.id) };
      return sealEnrolment(createInvitation(name, cooks.header.group, enrolmentKey, systemRandom), enrolled, systemRandom);
    });
    const tickets = answers.map(({ id }) => enrolmentTicket(id));
    await addInvitations(ctx, keeper, cooks.id, { tickets });
    for (const answer of answers) {
      const from = await clock();
      await acceptEnrolment(ctx, answer);
      windows.push([from, await clock()]);
    }
    const needles = answers.flatMap(({ id, ciphertext }) => [Buffer.from(id, 'hex'), Buffer.from(ciphertext, 'hex')]);
    await publishRollOf(platform, cooks, tickets);
    expect((await filesHolding(needles)).length).toBeGreaterThan(0); // taken out, and still on the disk
    expect(filesWithTimes().length).toBeGreaterThan(0);
    await eraser.eraseDue();
    expect(await filesHolding(needles)).toEqual([]);
    expect(filesWithTimes()).toEqual([]);
  });

  it('are not gone over again while nothing is published', async () => {
    await eraser.eraseDue();
    const position = async () => (await platform.ctx.db.execute<{ at: string }>(sql`select pg_current_wal_lsn()::text as at`))[0]?.at;
    const at = await position();
    await eraser.eraseDue();
    expect(await position()).toBe(at);
  });

  it('stay as they are while something reads them for long, such as a backup, and nobody who signs waits for it', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    const late = createTraceEraser(platform.ctx.upkeep, 0);
    await platform.ctx.db.transaction(async (tx) => {
      await tx.execute(sql`select count(*) from board.entries`);
      await late.eraseDue();
    });
    expect(told.mock.calls.flat().join()).toContain('such as a backup');
    told.mockClear();
    await late.eraseDue();
    expect(told).not.toHaveBeenCalled();
    told.mockRestore();
  });
});

describe('entries of a statement with a cadence', () => {
  afterEach(() => void vi.useRealTimers());

  it('are stored together at common moments, whenever they came, and others at once', async () => {
    const platform = await startPlatform();
    const { db } = platform.ctx;
    const group = createGroup('Harbour pilots', inventNames(8), systemRandom);
    await publishGroup(platform, group);
    const { context } = await openKeyedStatement(platform, [group], { count: 3 });
    const rowOf = (n: number) => {
      const { entry: body, ...rest } = unprovenBody(context.id, n, { action: 'sign', group: group.id });
      return {
        statement: context.id,
        nullifier: fieldOf(body.nullifier),
        action: 'sign' as const,
        groupId: group.id,
        ...rest,
        body,
        publishBy: 1,
      };
    };
    const tickMs = 1_500;
    const store = createEntryWriter(db, tickMs);
    const slow: Promise<boolean>[] = [];
    // Just after such a moment, however long the machine takes for what follows.
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout'], now: Math.ceil(Date.now() / tickMs) * tickMs + 100 });
    for (const n of [13, 12, 11]) {
      slow.push(store(rowOf(n), false));
      vi.advanceTimersByTime(400);
    }
    vi.advanceTimersByTime(tickMs - 100 - 3 * 400 - 1);
    expect(await store(rowOf(20), true)).toBe(true);
    expect((await db.select({ hash: entries.hash }).from(entries)).length).toBe(1);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    expect(await Promise.all(slow)).toEqual([true, true, true]);
    const rows = await db.execute<{ xmin: string; nullifier: Buffer }>(sql`select xmin::text, nullifier from board.entries order by ctid`);
    const stored = rows.map(({ xmin, nullifier }) => [xmin, Number(BigInt(`0x${nullifier.toString('hex')}`))] as const);
    expect(stored.map(([, nullifier]) => nullifier)).toEqual([20, 11, 12, 13]);
    expect(new Set(stored.map(([xmin]) => xmin)).size).toBe(2);
    await platform.stop();
  });
});
