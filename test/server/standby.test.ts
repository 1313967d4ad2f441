import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signCommitteeRequest } from '#lib/protocol/board/committee-request.ts';
import { createListingSalt } from '#lib/protocol/board/listed.ts';
import { readForCommittee } from '#lib/server/board/read-committee.ts';
import { type Context, createContext } from '#lib/server/context.ts';
import { keepEpoch, readEpoch } from '#lib/server/epoch.ts';
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
import { type ReplicatedPostgres, startReplicated } from '../support/standby.ts';
import { createGroup, PLATFORM_SEED, systemRandom, type TestGroup } from '../support/world.ts';

describe('a standby that confirms each commit', () => {
  let servers: ReplicatedPostgres;
  let platform: TestPlatform;
  let group: TestGroup;
  let open: OpenStatement;
  let after: Context;
  beforeAll(async () => {
    servers = await startReplicated();
    platform = await startPlatform({ seed: 'loss', database: { url: servers.primary.url, stop: servers.stop } });
    await keepEpoch(platform.ctx);
    group = createGroup('Harbour pilots', inventNames(8), platform.random);
    await publishGroup(platform, group);
    open = await openKeyedStatement(platform, [group], { count: 3 });
  });
  afterAll(async () => {
    await after?.close();
    await platform?.stop();
  });

  it('has every signature that a receipt was given for when the first server dies, and boards go on once trustees were heard', async () => {
    const { ctx, clock } = platform;
    for (const member of [0, 1]) {
      await postEntry(ctx, await signOn(open, group, member));
      await publishAndCosign(platform, open, [1, 2, 3]);
      clock.now += 10;
    }
    const [last, salt] = [await signOn(open, group, 2), createListingSalt(systemRandom)];
    const { receipt } = await postEntry(ctx, last, salt);
    const [boards, epoch] = [await listCheckpoints(ctx, open.context.id), await readEpoch(ctx.db)];
    await servers.failOver();

    const settings = { publicUrl: ctx.publicUrl, newIssuers: ctx.newIssuers, trial: false, graceMargin: 5, trustees: [], entryTickMs: 0 };
    after = await createContext({ ...settings, databaseUrl: servers.standby.url, signingSeed: PLATFORM_SEED, now: () => clock.now });
    await keepEpoch(after);
    expect(await readEpoch(after.db)).not.toBe(epoch);
    expect(await listCheckpoints(after, open.context.id)).toEqual(boards);
    expect(await postEntry(after, last, salt)).toEqual({ receipt, isNew: false });
    clock.now += 10;
    await publishAndCosign({ ...platform, ctx: after }, open, []);
    expect(await listCheckpoints(after, open.context.id)).toHaveLength(2);
    for (const trustee of [1, 4]) {
      const author = { ...open.key.authors[trustee - 1]!, context: open.context };
      await readForCommittee(after, open.context.id, signCommitteeRequest(author, { want: 'board', after: 2 }, clock.now));
    }
    await publishAndCosign({ ...platform, ctx: after }, open, [1, 2, 3]);
    const now = await listCheckpoints(after, open.context.id);
    expect(now.map(({ number }) => number)).toEqual([1, 2, 3]);
  });
});
