import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eq, sql } from '#db/drizzle.cjs';
import { checkpoints } from '#db/schema/board.ts';
import { createApi } from '#lib/api/client.ts';
import type { BoardIndex, BoardRange } from '#lib/api/shapes.ts';
import type { ListedCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import { destructionTime } from '#lib/protocol/statement/statement.ts';
import { eraseUnopened } from '#lib/server/board/erase-unopened.ts';
import { publishCheckpoints } from '#lib/server/board/publish-checkpoints.ts';
import { readPublicBoard } from '#lib/signing/read-board.ts';
import {
  type OpenStatement,
  openKeyedStatement,
  publishAndCosign,
  publishCrowd,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { startSharedCache } from '../support/shared-cache.ts';
import { storeUncheckedSignatures } from '../support/unchecked-signatures.ts';
import { unprovenBody } from '../support/unproven-entries.ts';
import type { TestGroup } from '../support/world.ts';

let platform: TestPlatform;
let routes: Route[];
let group: TestGroup;
beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
  group = await publishCrowd(platform, 'Harbour pilots', 3_000);
});
afterAll(() => platform?.stop());

const hex = (value: number) => value.toString(16).padStart(64, '0');
const call = (address: string) => fetchFrom(routes).fetch(`/api/anonymous/statements/${address}`);
const caching = (response: Response) => response.headers.get('Cache-Control');
const open = (change = {}) => {
  platform.clock.now = 1_800_000_600;
  return openKeyedStatement(platform, [group], { count: 3 }, { grace: 50_000, ...change });
};

/** Puts entries on a board as if their proofs had been checked, which here nobody looks at, and publishes them in one checkpoint. */
async function publish(statement: OpenStatement, first: number, count = 1): Promise<void> {
  await storeUncheckedSignatures(platform, statement, group.id, first, count);
  platform.clock.now++;
  await publishCheckpoints(platform.ctx);
}

const listedOf = ({ context }: OpenStatement, nullifiers: readonly number[]) =>
  nullifiers.map((nullifier) => unprovenBody(context.id, nullifier, { action: 'sign', group: group.id }).listed).sort();

const indexOf = async ({ context }: OpenStatement, after = 0) =>
  (await (await call(`${context.id}/board?after=${after}`)).json()) as BoardIndex;
const rangesOf = async (statement: OpenStatement, after = 0) =>
  (await indexOf(statement, after)).segments.map(({ from, to }) => [from, to]);
/** A long board at once: its checkpoints hold nothing, and are cut every so many. */
const insertCheckpoints = ({ context }: OpenStatement, count: number, perSegment: number) =>
  platform.ctx.db.execute(sql`
    insert into board.checkpoints (statement, number, hash, body, listed, segment)
    select decode(${context.id}, 'hex'), n, sha256(${context.id} || n::text::bytea), '{}', '', n - (n - 1) % ${perSegment}
    from generate_series(1, ${count}::int) as n`);

describe('the segments of a board', () => {
  it('end with the 1,000th entry or the 200th checkpoint; an index begins after any checkpoint', async () => {
    const statement = await open();
    expect(await indexOf(statement)).toEqual({ head: 0, segments: [] });
    let next = 1;
    for (const size of [1, 999, 2, 1_200, ...Array.from({ length: 201 }, () => 1)]) {
      await publish(statement, next, size);
      next += size;
    }
    const whole = [[1, 2], [3, 4], [5, 204], [205, 205]]; // biome-ignore format: ranges
    expect(await rangesOf(statement)).toEqual(whole);
    expect(await rangesOf(statement, 1)).toEqual([[2, 2], ...whole.slice(1)]);
    expect(await rangesOf(statement, 100)).toEqual([[101, 204], ...whole.slice(3)]);
    expect(await rangesOf(statement, 204)).toEqual(whole.slice(3));
    expect(await indexOf(statement, 205)).toEqual({ head: 205, segments: [] });
    expect(await indexOf(statement, 10 ** 14)).toEqual({ head: 205, segments: [] });

    const api = createApi(ORIGIN, fetchFrom(routes).fetch);
    expect(await readPublicBoard(api, statement.context, statement.key.keyed, () => {})).toMatchObject({
      ok: true,
      value: { head: { number: 205 } },
    });
  });

  it('are fifty for 10,000 checkpoints, and listed 1,000 at a time', async () => {
    const long = await open();
    await insertCheckpoints(long, 10_000, 200);
    expect((await rangesOf(long)).length).toBe(50);
    const longer = await open();
    await insertCheckpoints(longer, 2_500, 1);
    const starts = [];
    for (let after = 0; ; ) {
      const { head, segments } = await indexOf(longer, after);
      expect(head).toBe(2_500);
      if (segments.length === 0) break;
      starts.push(segments[0]?.from);
      after = segments.at(-1)?.to as number;
    }
    expect(starts).toEqual([1, 1_001, 2_001]);
    for (const { context } of [long, longer]) await platform.ctx.db.delete(checkpoints).where(eq(checkpoints.statement, context.id));
  });

  it('give the same bytes under the same address when later checkpoints have come', async () => {
    const statement = await open();
    await publish(statement, 1, 2);
    await publish(statement, 3);
    const [{ from, hash }] = (await indexOf(statement)).segments as [BoardRange];
    const address = `${statement.context.id}/board/${from}/${hash}`;
    const before = await (await call(address)).text();
    await publish(statement, 4, 3);
    expect(await rangesOf(statement)).toEqual([[1, 3]]);
    expect(await (await call(address)).text()).toBe(before);
    expect((JSON.parse(before) as { checkpoints: ListedCheckpoint[] }).checkpoints.map(({ listed }) => listed.length)).toEqual([2, 1]);
  });

  it('are refused where there is none: an unknown hash, no numbers, backwards, and over a cut', async () => {
    const [statement, other] = [await open(), await open()];
    await publish(statement, 1, 1_000);
    await publish(statement, 2_001);
    await publish(statement, 2_002);
    await publish(other, 1);
    const [first, last] = (await indexOf(statement)).segments as [BoardRange, BoardRange];
    const [foreign] = (await indexOf(other)).segments as [BoardRange];
    const bad = [`1/${hex(7)}`, `1/${foreign.hash}`, `1/${last.hash}`, `4/${last.hash}`, `2/${first.hash}`, `0/${first.hash}`];
    const odd = [`01/${first.hash}`, `1.0/${first.hash}`, `99999999999/${last.hash}`, `x/${first.hash}`, `1/${first.hash.toUpperCase()}`];
    for (const place of [...bad, ...odd]) {
      const response = await call(`${statement.context.id}/board/${place}`);
      expect([place, response.status, caching(response)]).toEqual([place, 404, 'no-store, no-transform']);
      expect(((await response.json()) as { error: { code: string } }).error.code).toBe('SEGMENT_NOT_FOUND');
    }
    for (const place of [`1/${first.hash}`, `2/${last.hash}`, `3/${last.hash}`])
      expect((await call(`${statement.context.id}/board/${place}`)).status).toBe(200);
    expect((await call(`${hex(7)}/board/1/${first.hash}`)).status).toBe(404);
  });
});

describe('caches', () => {
  it('may keep a segment for ever: no reveal and no erasure changes a list', async () => {
    const statement = await open();
    await publish(statement, 1, 3);
    await publishAndCosign(platform, statement, [1, 2, 3]); // a wave
    await publish(statement, 4);
    const [{ from, hash }] = (await indexOf(statement)).segments as [BoardRange];
    const read = async () => {
      const response = await call(`${statement.context.id}/board/${from}/${hash}`);
      return [caching(response), await response.text()];
    };
    const before = await read();
    expect(before[0]).toBe('public, max-age=31536000, immutable, no-transform');
    platform.clock.now = destructionTime(statement.context.statement);
    await eraseUnopened(platform.ctx);
    expect(await read()).toEqual(before);
    const { checkpoints } = JSON.parse(before[1] as string) as { checkpoints: ListedCheckpoint[] };
    expect(checkpoints.map(({ listed }) => listed)).toEqual([listedOf(statement, [1, 2, 3]), listedOf(statement, [4])]);
  });

  it('keep an index for a moment, and rolls as long as they like', async () => {
    const { context } = await open();
    expect(caching(await call(`${context.id}/board?after=0`))).toBe('public, max-age=2, no-transform');
    const roll = `rolls/${context.statement.rolls[0]?.roll}`;
    for (const address of [roll, `${roll}/leaves`, `${roll}/names`])
      expect(caching(await fetchFrom(routes).fetch(`/api/anonymous/${address}`))).toBe('public, max-age=31536000, immutable, no-transform');
  });

  it('bring each segment from the platform once, however many read; a new checkpoint costs its own entries', async () => {
    const statement = await open();
    await publish(statement, 1, 1_000);
    await publish(statement, 2_001, 5);
    const cache = startSharedCache(fetchFrom(routes).fetch, () => platform.clock.now);
    const api = createApi(ORIGIN, cache.fetch);
    const readAll = async () => {
      let entries = 0;
      const board = await readPublicBoard(api, statement.context, statement.key.keyed, ({ checkpoint }) => {
        entries += checkpoint.size;
      });
      return [board.ok && board.value.head.number, entries];
    };
    const segments = () => cache.asked.filter((address) => !address.includes('?'));
    for (let reader = 0; reader < 5; reader++) {
      expect(await readAll()).toEqual([2, 1_005]);
      platform.clock.now += 10;
    }
    expect(segments()).toHaveLength(2);
    await publish(statement, 3_001);
    platform.clock.now += 10;
    for (let reader = 0; reader < 5; reader++) expect(await readAll()).toEqual([3, 1_006]);
    expect(segments()).toHaveLength(3); // the last segment has grown

    const { segments: news } = await api.getBoardIndex(statement.context.id, 2);
    expect(news.map(({ from, to }) => [from, to])).toEqual([[3, 3]]);
    expect((await api.getSegment(statement.context.id, news[0] as BoardRange)).map(({ listed }) => listed.length)).toEqual([1]);
  });
});
