import { describe, expect, it } from 'vitest';
import { IDLE_LIMIT_MS, IdleWatch } from '#lib/browser/idle-watch.ts';

/** A wall clock that a test sets. */
function setClock(start = 1_800_000_000_000) {
  const clock = { time: start, now: () => clock.time };
  return clock;
}

describe('whether somebody is still there', () => {
  it('is told by the wall clock: a device that slept has counted the time', () => {
    const clock = setClock();
    const watch = new IdleWatch(clock.now);
    clock.time += IDLE_LIMIT_MS - 1;
    expect(watch.isIdle).toBe(false);
    clock.time += 1;
    expect(watch.isIdle).toBe(true);
    watch.touch();
    expect(watch.isIdle).toBe(false);
  });

  it('is no longer believed after the clock was set back', () => {
    const clock = setClock();
    const watch = new IdleWatch(clock.now);
    clock.time -= 1000;
    expect(watch.isIdle).toBe(false);
    clock.time -= IDLE_LIMIT_MS;
    expect(watch.isIdle).toBe(true);
  });

  it('is taken for granted in the middle of work, and from its end on counted anew', async () => {
    const clock = setClock();
    const watch = new IdleWatch(clock.now);
    const { promise, resolve } = Promise.withResolvers<void>();
    const inner = watch.hold(() => promise);
    const outer = watch.hold(() => inner);
    clock.time += 3 * IDLE_LIMIT_MS;
    expect([watch.isHeld, watch.isIdle]).toEqual([true, false]);
    resolve();
    await outer;
    expect([watch.isHeld, watch.isIdle]).toEqual([false, false]);
    clock.time += IDLE_LIMIT_MS;
    expect(watch.isIdle).toBe(true);
    await watch.hold(() => Promise.reject(new Error('no'))).catch(() => {});
    expect(watch.isHeld).toBe(false);
  });
});
