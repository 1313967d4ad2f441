import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entries } from '#db/schema/board.ts';
import { accountOfAddress } from '#db/sign-in-address.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import { leadsToPlatform } from '#lib/protocol/statement/platform-successor.ts';
import { type Context, createContext } from '#lib/server/context.ts';
import { describePlatform } from '#lib/server/platform/describe.ts';
import { streamRecord } from '#lib/server/record/stream.ts';
import { openPilots, PILOTS_SEED } from '../support/pilots.ts';
import {
  type OpenStatement,
  openStatement,
  postEntry,
  prepareStatement,
  publishAndCosign,
  signOn,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { PLATFORM_SEED, systemRandom, type TestGroup } from '../support/world.ts';

const NEXT = new Uint8Array(32).fill(77);

/** A platform that has taken another key, on the same database. */
describe('a platform whose key has changed', () => {
  let platform: TestPlatform;
  let pilots: TestGroup;
  let open: OpenStatement;
  let ctx: Context;
  const start = (oldSeeds: Uint8Array[]) =>
    createContext({
      ...{ databaseUrl: platform.databaseUrl, publicUrl: 'https://platform.example', newIssuers: 'anybody', trial: false, graceMargin: 5 },
      ...{ signingSeed: NEXT, oldSeeds, trustees: [], entryTickMs: 0, now: () => platform.clock.now },
    });
  beforeAll(async () => {
    platform = await startPlatform({ seed: PILOTS_SEED });
    ({ group: pilots, open } = await openPilots(platform));
    ctx = await start([PLATFORM_SEED]);
  });
  afterAll(async () => {
    await ctx?.close();
    await platform?.stop();
  });

  it('goes on with open statements under the key that they name: receipts, checkpoints and the end of the record', async () => {
    const { receipt } = await postEntry(ctx, await signOn(open, pilots, 0), createListingSalt(systemRandom));
    await publishAndCosign({ ...platform, ctx }, open, [1, 2, 3]);
    expect(receipt.signature).toHaveLength(128);
    const lines: string[] = [];
    for await (const line of streamRecord(ctx, open.context.id)) lines.push(line);
    const before: string[] = [];
    for await (const line of streamRecord(platform.ctx, open.context.id)) before.push(line);
    expect(lines.join('')).toBe(before.join('')); // as the process with the old key alone writes it, byte for byte
  });

  it('opens new statements under the new key alone, and shows that the old one vouches for it', async () => {
    const { statement } = prepareStatement(platform, [pilots], { count: 2 }).context;
    await expect(openStatement(ctx, statement)).rejects.toMatchObject({ code: 'BAD_PLATFORM' });
    expect((await openStatement(ctx, { ...statement, platform: publicKeyOf(NEXT) })).isNew).toBe(true);
    const { key, successions = [] } = describePlatform(ctx);
    expect(key).toBe(publicKeyOf(NEXT));
    expect(leadsToPlatform(publicKeyOf(PLATFORM_SEED), key, successions)).toBe(true);
    expect(describePlatform(platform.ctx)).not.toHaveProperty('successions'); // whose programs are older read it as before
  });

  it('finds accounts by their addresses as before', () => {
    const [before, now] = [PLATFORM_SEED, ctx.accountSeed].map((seed) => accountOfAddress(seed, 'ada@union.example'));
    expect(now).toBe(before);
  });

  it('never signs for a statement with another key than its own', async () => {
    const forgetful = await start([]);
    try {
      const entry = await signOn(open, pilots, 1);
      await expect(postEntry(forgetful, entry)).rejects.toThrow('under a platform key that PLATFORM_OLD_KEY_FILES does not name');
      expect(await platform.ctx.db.$count(entries)).toBe(1);
    } finally {
      await forgetful.close();
    }
  });
});
