import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Connection, connect } from '#db/client.ts';
import { sql } from '#db/drizzle.cjs';
import { challengeGroups, challenges } from '#db/schema/asking.ts';
import { signGroupClaim } from '#lib/api/group-claim.ts';
import { CHALLENGE_WORK, makeStamp } from '#lib/api/work-stamp.ts';
import { createAsker } from '#lib/protocol/challenge/asker-file.ts';
import type { Challenge } from '#lib/protocol/challenge/challenge.ts';
import { STANDARD_RULES, signGroupPolicy } from '#lib/protocol/permit/group-policy.ts';
import { openChallenge } from '#lib/server/challenges/open.ts';
import { MOST_OF_ONE_KEY } from '#lib/server/challenges/places.ts';
import { claimGroup } from '#lib/server/groups/claim.ts';
import { publishPolicy } from '#lib/server/groups/policies.ts';
import { removeClerk } from '#lib/server/issuers/clerks.ts';
import { endKey } from '#lib/server/issuers/key-ends.ts';
import { KEYING_LIMITS } from '#lib/server/statements/keying-room.ts';
import {
  inventNames,
  openStatement,
  prepareStatement,
  publishGroup,
  publishRollOf,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { askOn } from '../support/publish-challenge.ts';
import { createGroup, nextRoll, systemRandom, type TestGroup } from '../support/world.ts';

const MANY = 4;

describe('requests that wait for a lock of the database (T20)', () => {
  let platform: TestPlatform;
  let group: TestGroup;
  let other: TestGroup;
  /** Connections of the test's own. */
  let observer: Connection;
  beforeAll(async () => {
    platform = await startPlatform();
    group = createGroup('Harbour pilots', inventNames(8), systemRandom);
    other = createGroup('Harbour masters', inventNames(9), systemRandom);
    for (const one of [group, other]) await publishGroup(platform, one);
    observer = connect(platform.databaseUrl, 2);
    const asked = ask();
    challenge = { challenge: asked.challenge, stamp: await makeStamp(asked.id, CHALLENGE_WORK) };
  });
  afterAll(async () => {
    await observer?.close();
    await platform?.stop();
  });

  const prepare = () => prepareStatement(platform, [group], { count: 2 }).context.statement;
  const asker = createAsker('Harbour Gazette', systemRandom);
  const ask = () => askOn(platform, [group], {}, asker);
  /** With its work, which is done once. */
  let challenge: { challenge: Challenge; stamp: string };
  const requests: Record<string, () => Promise<unknown>> = {
    'claim a group': () => claimGroup(platform.ctx, platform.keeper, signGroupClaim('Harbour pilots', platform.clock.now, group.seed)),
    'publish a policy': () => {
      const terms = { group: group.header.group, number: 9, ...STANDARD_RULES, time: platform.clock.now };
      return publishPolicy(platform.ctx, platform.keeper, group.id, signGroupPolicy(terms, group.seed));
    },
    'publish a roll': () => publishRollOf(platform, nextRoll(other, other.members.slice(1))),
    'remove a clerk': () => removeClerk(platform.ctx, { ...platform.keeper, session: '' }, platform.keeper.clerk),
    'open a challenge': () => openChallenge(platform.ctx, challenge.challenge, challenge.stamp),
    'open a statement': () => openStatement(platform.ctx, prepare()),
    'end a key': () => endKey(platform.ctx, platform.keeper, other.header.group.issuer, {}),
  };

  it.each(Object.keys(requests))('hold one connection together, however many %s', async (what) => {
    const sent: Promise<unknown>[] = [];
    await whileLocked(async () => {
      for (let i = 0; i < MANY; i++) sent.push((requests[what] as () => Promise<unknown>)());
      void Promise.allSettled(sent);
      await vi.waitUntil(async () => (await countWaiting()) > 0, { timeout: 20_000 });
      await sleep(150); // the others come to the lock as well, if nothing keeps them
      expect(await countWaiting()).toBe(1);
    });
    await Promise.allSettled(sent);
  });

  it('are refused before they wait where there is no room for what they bring', async () => {
    await openChallenge(platform.ctx, challenge.challenge, challenge.stamp);
    const [row] = await platform.ctx.db.select().from(challenges);
    const copies = Array.from({ length: MOST_OF_ONE_KEY }, (_, i) => ({ ...row!, id: i.toString(16).padStart(64, '0') }));
    await platform.ctx.db.insert(challenges).values(copies);
    await platform.ctx.db.insert(challengeGroups).values(copies.map(({ id }) => ({ groupId: group.id, challenge: id })));
    const again = ask();
    const stamp = await makeStamp(again.id, CHALLENGE_WORK);
    const statements = Array.from({ length: KEYING_LIMITS.unvouched.ofGroup + 1 }, prepare);
    for (const statement of statements.slice(1)) await openStatement(platform.ctx, statement).catch(() => {});
    await whileLocked(async () => {
      await expect(openStatement(platform.ctx, statements[0]!)).rejects.toMatchObject({ code: 'BUSY' });
      await expect(openChallenge(platform.ctx, again.challenge, stamp)).rejects.toMatchObject({ code: 'CHALLENGES_FULL' });
    });
  });

  /** Does something while every lock is held for which these requests wait. */
  async function whileLocked(work: () => Promise<void>): Promise<void> {
    await observer.db.transaction(async (tx) => {
      for (const name of [platform.issuer, 'round-robin-challenges', 'round-robin-keying'])
        await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${name}))`);
      await tx.execute(sql`select id from membership.groups for update`);
      await tx.execute(sql`select id from membership.issuers for update`);
      await work();
    });
  }

  async function countWaiting(): Promise<number> {
    const [row] = await observer.db.execute<{ waiting: number }>(
      sql`select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    return row?.waiting ?? 0;
  }
});
