import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessions } from '#db/schema/clerks.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { connectRoutes, fetchFrom, loadRoutes, ORIGIN, type Route } from '../support/routes.ts';
import { openCookie } from '../support/sign-in.ts';

let platform: TestPlatform;
let routes: Route[];

beforeAll(async () => {
  platform = await startPlatform();
  connectRoutes(platform);
  routes = await loadRoutes();
});
afterAll(() => platform?.stop());
beforeEach(() => platform.ctx.db.delete(sessions));

const MINUTE = 60;
const wait = (seconds: number) => {
  platform.clock.now += seconds;
};

const signIn = () => openCookie(platform, platform.keeper);

/** A request that shows a cookie: whether it is taken, and the cookie that takes its place. */
async function show(cookie: string): Promise<{ isIn: boolean; next: string | null }> {
  const answer = await fetchFrom(routes, { Cookie: cookie }).fetch(`${ORIGIN}/api/issuer/session`);
  return { isIn: answer.status === 200, next: answer.headers.get('Set-Cookie')?.split(';')[0] ?? null };
}

describe('the cookie of a session', () => {
  it('stays for ten minutes, and is then replaced at its next use', async () => {
    const first = await signIn();
    expect(await show(first)).toEqual({ isIn: true, next: null });
    wait(10 * MINUTE);
    const { next } = await show(first);
    expect(next).toMatch(/^round-robin-issuer=/);
    expect(next).not.toBe(first);
    expect(await show(next as string)).toEqual({ isIn: true, next: null });
  });

  it('is taken for a minute after it was replaced, and ends the session for both copies when it is shown later', async () => {
    const first = await signIn();
    wait(10 * MINUTE);
    const next = (await show(first)).next as string;
    await show(next);
    wait(59);
    expect(await show(first)).toEqual({ isIn: true, next: null });
    wait(1);
    expect((await show(first)).isIn).toBe(false);
    expect((await show(next)).isIn).toBe(false);
  });

  it('ends the session when it is older than the one before', async () => {
    const first = await signIn();
    wait(10 * MINUTE);
    const second = (await show(first)).next as string;
    wait(10 * MINUTE);
    const third = (await show(second)).next as string;
    expect((await show(first)).isIn).toBe(false);
    expect((await show(third)).isIn).toBe(false);
  });

  it('goes on where the answer with its successor was lost', async () => {
    const first = await signIn();
    wait(10 * MINUTE);
    const lost = (await show(first)).next as string;
    wait(5 * MINUTE);
    const { isIn, next } = await show(first);
    expect(isIn).toBe(true);
    expect(next).not.toBe(lost);
    expect((await show(next as string)).isIn).toBe(true);
  });

  it('is replaced once by several requests at the same instant', async () => {
    const first = await signIn();
    wait(10 * MINUTE);
    const shown = await Promise.all(Array.from({ length: 6 }, () => show(first)));
    expect(shown.every(({ isIn }) => isIn)).toBe(true);
    const next = shown.flatMap((one) => one.next ?? []);
    expect(next).toHaveLength(1);
    expect((await show(next[0] as string)).isIn).toBe(true);
  });

  it('is over an hour after its last use, and after twelve hours of use', async () => {
    const idle = await signIn();
    wait(60 * MINUTE);
    expect((await show(idle)).isIn).toBe(false);

    let cookie = await signIn();
    const start = platform.clock.now;
    for (let i = 1; i < 24; i += 1) {
      wait(30 * MINUTE);
      const { isIn, next } = await show(cookie);
      expect(isIn).toBe(true);
      cookie = next as string;
    }
    wait(start + 12 * 60 * MINUTE - platform.clock.now);
    expect((await show(cookie)).isIn).toBe(false);
  });
});
