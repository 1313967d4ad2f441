import { describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.cjs';
import { ceremonyPlaces } from '#db/schema/ceremony.ts';
import { encodeOffer } from '#lib/api/ceremony-offer.ts';
import { makeStamp } from '#lib/api/work-stamp.ts';
import { openDesk } from '#lib/server/ceremony/open-desk.ts';
import { askPlace, hashPlaceToken, inQueue, takePlace } from '#lib/server/ceremony/queue.ts';
import { START } from '../support/platform.ts';
import { ABSENT, codeOf, drawToken, serveCeremony, TURN } from '../support/serve-ceremony.ts';

const { at, take, takeTurn, makeOffer, restart } = serveCeremony();
const later = (seconds: number) => {
  at.platform.clock.now += seconds;
};

describe('the queue of a ceremony', () => {
  it('gives one turn at a time, in the order of arrival', async () => {
    const [first, second, third] = [await take(), await take(), await take()];
    expect(await at.api.askPlace(first)).toEqual({ state: 'called', secondsLeft: ABSENT });
    expect(await at.api.askPlace(second)).toEqual({ state: 'waiting', ahead: 1 });
    expect(await at.api.askPlace(third)).toEqual({ state: 'waiting', ahead: 2 });
    expect(await codeOf(at.api.beginTurn(second))).toBe('NOT_YOUR_TURN');
    expect((await at.api.describe()).standing).toBe(3);
    await at.api.leavePlace(first);
    expect((await at.api.askPlace(second)).state).toBe('called');
    expect(await at.api.askPlace(third)).toEqual({ state: 'waiting', ahead: 1 });
    expect(await codeOf(at.api.askPlace(first))).toBe('PLACE_LOST');
  });

  it('goes on without whoever was called and does not begin', async () => {
    const [absent, next] = [await take(), await take()];
    later(ABSENT - 1);
    expect((await at.api.askPlace(next)).state).toBe('waiting');
    later(1);
    expect((await at.api.askPlace(next)).state).toBe('called');
    expect(await codeOf(at.api.beginTurn(absent))).toBe('PLACE_LOST');
  });

  it('goes on without whoever began and brings nothing in time', async () => {
    const [slow, next] = [await takeTurn(), await take()];
    for (let waited = 0; waited < TURN; waited += 60) {
      expect((await at.api.askPlace(next)).state).toBe('waiting');
      expect((await at.api.askPlace(slow)).state).toBe('contributing');
      later(60);
    }
    expect((await at.api.askPlace(next)).state).toBe('called');
    const { key, attestation } = await makeOffer('Too Late');
    expect(await codeOf(at.api.offer(slow, encodeOffer(key, attestation)))).toBe('PLACE_LOST');
  });

  it('forgets those who wait and are not heard of any more', async () => {
    const [turn, gone, here] = [await takeTurn(), await take(), await take()];
    later(ABSENT - 1);
    for (const present of [turn, here]) await at.api.askPlace(present);
    later(1);
    expect(await at.api.askPlace(here)).toEqual({ state: 'waiting', ahead: 1 });
    expect(await codeOf(at.api.askPlace(gone))).toBe('PLACE_LOST');
  });

  it('gives one turn when many ask at once, and says when it is full', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, take));
    const invented = Array.from({ length: 80 }, () => ({
      ceremony: at.platform.ctx.ceremony!.id,
      token: drawToken(),
      expiresAt: START + ABSENT,
    }));
    await at.platform.ctx.db.insert(ceremonyPlaces).values(invented);
    const states = await Promise.all(tokens.slice(0, 20).map(async (token) => (await at.api.askPlace(token)).state));
    expect(states.filter((state) => state === 'called')).toHaveLength(1);
    expect(await codeOf(take())).toBe('CEREMONY_FULL');
  });

  it('gives no place without some work, the more the longer it is, and the same place to who asks again', async () => {
    const ask = (token: string, stamp: string | null) =>
      takePlace(at.platform.ctx, token, stamp).then(() => 'taken', ({ code, work }) => [code, work]); // biome-ignore format: one thing
    const token = drawToken();
    expect(await ask(token, null)).toEqual(['BUSY', 14]);
    const stamp = await makeStamp(hashPlaceToken(token), 14);
    expect(await ask(drawToken(), stamp)).toEqual(['BUSY', 14]);
    expect([await ask(token, stamp), await ask(token, stamp)]).toEqual(['taken', 'taken']);
    expect((await at.api.describe()).standing).toBe(1);
    for (let i = 0; i < 9; i++) await take();
    expect(await ask(drawToken(), null)).toEqual(['BUSY', 15]);
  });

  it('goes on without whoever has begun and is not heard of any more', async () => {
    const [silent, next] = [await takeTurn(), await take()];
    later(ABSENT - 1);
    expect((await at.api.askPlace(silent)).state).toBe('contributing');
    expect((await at.api.askPlace(next)).state).toBe('waiting');
    later(ABSENT - 1);
    expect((await at.api.askPlace(next)).state).toBe('waiting');
    later(1);
    expect((await at.api.askPlace(next)).state).toBe('called');
    expect(await codeOf(at.api.askPlace(silent))).toBe('PLACE_LOST');
  });

  it('knows no place by a token that nobody was given, and keeps only hashes of tokens', async () => {
    const token = await take();
    expect(await codeOf(at.api.askPlace('ab'.repeat(32)))).toBe('PLACE_LOST');
    expect(await codeOf(at.api.askPlace('no token'))).toBe('PLACE_LOST');
    const [row] = await at.platform.ctx.db.select().from(ceremonyPlaces);
    expect(JSON.stringify(row)).not.toContain(token);
  });

  it('keeps nobody waiting for whoever has no place, and has one of those who have take one connection at a time', async () => {
    const token = await take();
    const { db } = at.platform.ctx;
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext('round-robin-ceremony'))`);
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    const nobody = drawToken();
    for (const ask of [at.api.askPlace, at.api.beginTurn]) expect(await codeOf(ask(nobody))).toBe('PLACE_LOST');
    await at.api.leavePlace(nobody);
    const asked = Array.from({ length: 30 }, () => at.api.askPlace(token));
    expect((await at.api.describe()).standing).toBe(1); // the database has connections left
    held.resolve();
    await holding;
    expect(new Set((await Promise.all(asked)).map(({ state }) => state))).toEqual(new Set(['called']));
  });

  it('hears of everybody else, and keeps what was checked, while one place is asked about without end', async () => {
    const [loud, quiet] = [await take(), await take()];
    const { ctx } = at.platform;
    const released = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = ctx.db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext('round-robin-ceremony'))`);
      locked.resolve();
      await released.promise;
    });
    await locked.promise;
    const flood = Promise.allSettled(Array.from({ length: 300 }, () => askPlace(ctx, loud)));
    await at.api.describe();
    const heard = askPlace(ctx, quiet).then(({ state }) => state, ({ code }) => code); // biome-ignore format: one thing
    const noted = inQueue(ctx, ctx.ceremony!, null, async () => 'kept');
    released.resolve();
    await holding;
    expect([await heard, await noted]).toEqual(['waiting', 'kept']);
    expect(new Set((await flood).map((one) => (one.status === 'fulfilled' ? one.value.state : one.reason.code)))).toContain('called');
  });

  it('is closed once the moment of the beacon has come', async () => {
    const token = await takeTurn();
    const { key, attestation } = await makeOffer('Who Knows The Beacon');
    at.platform.clock.now = 1_800_003_600;
    expect((await at.api.describe()).isClosed).toBe(true);
    expect(await codeOf(take())).toBe('CEREMONY_CLOSED');
    const again = await at.platform.ctx.db.update(ceremonyPlaces).set({ expiresAt: 1_800_009_000 }).returning();
    expect(again).toHaveLength(1);
    at.platform.ctx.ceremony?.heard.clear(); // it has not been silent all the while
    expect(await codeOf(at.api.offer(token, encodeOffer(key, attestation)))).toBe('CEREMONY_CLOSED');
  });

  it('holds the places of those who could not be heard while the server was away', async () => {
    const [first, second] = [await take(), await take()];
    later(10 * ABSENT);
    await restart();
    expect(await at.api.askPlace(second)).toEqual({ state: 'waiting', ahead: 1 });
    expect(await at.api.askPlace(first)).toEqual({ state: 'called', secondsLeft: ABSENT });
    later(ABSENT);
    expect(await codeOf(at.api.askPlace(first))).toBe('PLACE_LOST');
  });

  it('is served by one process: another would take for absent whom it has not heard itself', async () => {
    await expect(openDesk({ folder: at.folder, absentSeconds: ABSENT, turnSeconds: TURN })).rejects.toThrow(
      'another process coordinates this ceremony',
    );
  });
});
