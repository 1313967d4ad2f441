import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '#db/client.ts';
import { eq, gt } from '#db/drizzle.cjs';
import { migrate } from '#db/migrate.ts';
import { checkpoints, entries, epochs } from '#db/schema/board.ts';
import { trusteeMessages } from '#db/schema/messages.ts';
import type { MessageList } from '#lib/api/shapes.ts';
import { headOf } from '#lib/protocol/board/checkpoint.ts';
import { signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { signCosignature } from '#lib/protocol/board/cosignature.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { readForCommittee } from '#lib/server/board/read-committee.ts';
import { keepEpoch, readEpoch } from '#lib/server/epoch.ts';
import { acceptMessage } from '#lib/server/messages/accept.ts';
import { listMessages, listTrusteeStatements } from '#lib/server/messages/list.ts';
import { streamRecord } from '#lib/server/record/stream.ts';
import { getStatementView } from '#lib/server/statements/get-view.ts';
import {
  inventNames,
  listCheckpoints,
  type OpenStatement,
  openKeyedStatement,
  postEntry,
  publishAndCosign,
  publishGroup,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { realProofSystem, verifyLines } from '../support/verify-lines.ts';
import { createGroup, systemRandom, type TestGroup } from '../support/world.ts';

describe('a database that was put back from a copy', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  const id = () => open.context.id;
  const sign = async (member: number) => postEntry(platform.ctx, await signOn(open, group, member));
  beforeAll(async () => {
    platform = await startPlatform({ seed: 'loss' });
    group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
  });
  afterAll(() => platform?.stop());

  it('has another epoch than the one that it is a copy of, and keeps it', async () => {
    const database = await startTestPostgres();
    await migrate(database.url);
    const own = connect(database.url, 1);
    const keep = ({ db }: Connection) => keepEpoch({ db, random: systemRandom, now: platform.ctx.now });
    await keep(own);
    const before = await readEpoch(own.db);
    await keep(own);
    expect(await readEpoch(own.db)).toBe(before);
    await own.close();

    const url = new URL(database.url);
    const original = url.pathname.slice(1);
    url.pathname = '/template1';
    const admin = postgres(url.href, { max: 1, onnotice: () => {} });
    await admin.unsafe(`create database ${original}_copy template ${original}`);
    url.pathname = `/${original}_copy`;
    const copy = connect(url.href, 1);
    expect(await readEpoch(copy.db)).toBe(before);
    await keep(copy);
    const renewed = await readEpoch(copy.db);
    expect(renewed).not.toBe(before);
    await keep(copy);
    expect(await readEpoch(copy.db)).toBe(renewed);
    await copy.close();
    await admin.unsafe(`drop database ${original}_copy`);
    await admin.end();
    await database.stop();
  });

  it('answers cursors of before, and such as lie behind its end, from the beginning', async () => {
    const { ctx } = platform;
    const epoch = await readEpoch(ctx.db);
    const read = async (after: number, of: string | null) => {
      const { messages, ...start } = JSON.parse(await listMessages(ctx, id(), { after, epoch: of }, 'public')) as MessageList;
      return { ...start, first: messages[0]?.cursor };
    };
    expect(await read(4, epoch)).toEqual({ epoch, after: 4, first: 5 });
    expect(await read(4, null)).toEqual({ epoch, after: 4, first: 5 });
    expect(await read(4, 'ab'.repeat(32))).toEqual({ epoch, after: 0, first: 1 });
    expect(await read(999, epoch)).toEqual({ epoch, after: 0, first: 1 });
    const key = open.context.statement.committee.trustees[0]!.key;
    for (const place of [
      { after: 1, epoch: 'ab'.repeat(32) },
      { after: 2, epoch },
    ])
      expect(await listTrusteeStatements(ctx, key, place)).toMatchObject({ epoch, after: 0, statements: [{ id: id() }] });
  });

  it('is found out by what trustees had cosigned: it publishes nothing twice, takes no signature, and page and record say so', async () => {
    const { ctx, clock } = platform;
    await sign(0);
    await publishAndCosign(platform, open, [1, 2, 3]);
    clock.now += 10;
    await sign(1);
    await publishAndCosign(platform, open, [1, 2, 3]);
    const [, lost] = await listCheckpoints(ctx, id());
    const copy = await ctx.db.select({ cursor: trusteeMessages.cursor }).from(trusteeMessages).where(eq(trusteeMessages.type, 'confirm'));
    await ctx.db.delete(trusteeMessages).where(gt(trusteeMessages.cursor, Math.max(...copy.map(({ cursor }) => cursor))));
    await ctx.db.delete(entries).where(eq(entries.checkpoint, 2));
    await ctx.db.delete(checkpoints).where(eq(checkpoints.number, 2));
    await ctx.db.update(epochs).set({ home: '' });
    await sign(2); // it waits for a second checkpoint of number 2

    const send = (trustee: number, head = headOf(lost!)) => acceptMessage(ctx, id(), signCosignature(open.key.authors[trustee - 1]!, head));
    await send(1);
    const one = await getStatementView(ctx, id());
    expect([one.lostBy, one.isLost]).toEqual([[1], false]);
    await expect(send(1, { ...headOf(lost!), number: 7 })).rejects.toMatchObject({ code: 'UNKNOWN_CHECKPOINT' });
    await send(2);
    const both = await getStatementView(ctx, id());
    expect([both.lostBy, both.isLost]).toEqual([[1, 2], true]);

    clock.now += 10;
    await publishCheckpoints(ctx);
    expect((await listCheckpoints(ctx, id())).map(({ number }) => number)).toEqual([1]);
    await expect(sign(3)).rejects.toMatchObject({ code: 'BOARD_LOST' });
    const lines: string[] = [];
    for await (const line of streamRecord(ctx, id())) lines.push(line.trim());
    const report = await verifyLines(lines, await realProofSystem());
    expect(report.failures.map(({ code }) => code)).toContain('COSIGNATURE_CHECKPOINT');
  });

  it('holds each board until so many trustees have been heard that no quorum can have vouched for more', async () => {
    const { ctx, clock } = platform;
    const held = await openKeyedStatement(platform, [group], { count: 3 });
    const signHeld = async (member: number) => postEntry(ctx, await signOn(held, group, member));
    await signHeld(0);
    await publishAndCosign(platform, held, [1, 2, 3]);
    await signHeld(1);
    await ctx.db.update(epochs).set({ home: 'copied' });
    await keepEpoch(ctx);
    clock.now += 10;
    await expect(signHeld(2)).rejects.toMatchObject({ code: 'BUSY', retryAfterSeconds: 10 });
    const publish = async () => {
      await publishCheckpoints(ctx);
      return (await listCheckpoints(ctx, held.context.id)).length;
    };
    expect(await publish()).toBe(1);

    const hear = (trustee: number, after: number, time = clock.now) => {
      const author = { ...held.key.authors[trustee - 1]!, context: held.context };
      return readForCommittee(ctx, held.context.id, signCommitteeRequest(author, { want: 'board', after }, time));
    };
    await hear(1, 1, clock.now - 10); // asked before it was put back
    await hear(2, 2); // has a checkpoint that is not here
    await hear(3, 1);
    await hear(3, 0);
    expect(await publish()).toBe(1);
    await hear(4, 0);
    expect(await publish()).toBe(2);
    await signHeld(2);
    await keepEpoch(ctx); // it is where it was
    await signHeld(3);
  });
});
