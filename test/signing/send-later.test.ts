import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi } from '#lib/api/client.ts';
import type { Body } from '#lib/protocol/board/listed.ts';
import { signReceipt } from '#lib/protocol/board/receipt.ts';
import { receiptedBy } from '#lib/signing/post-body.ts';
import { describeWatcher, drawMoment, listDelays, postLater } from '#lib/signing/send-later.ts';
import { PLATFORM_SEED, systemRandom } from '../support/world.ts';
import { bodyWithoutProof } from './signed-board.ts';
import { type Stage, setStage } from './stage.ts';

const HOUR = 3600;

describe('a signature that is sent later', () => {
  it('is offered only delays that end before the deadline', () => {
    expect(listDelays(0, 100 * HOUR)).toEqual([0, HOUR, 6 * HOUR, 24 * HOUR]);
    expect(listDelays(0, 6 * HOUR + 300)).toEqual([0, HOUR, 6 * HOUR]);
    expect(listDelays(0, 6 * HOUR + 299)).toEqual([0, HOUR]);
    expect(listDelays(0, 60)).toEqual([0]);
  });

  it('is sent at a moment drawn from all of the delay, and from nothing after it', () => {
    const drawn = Array.from({ length: 400 }, () => drawMoment(1000, HOUR, 100 * HOUR, systemRandom) - 1000);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(HOUR);
    for (const quarter of [0, 1, 2, 3]) expect(drawn.some((at) => Math.ceil((4 * at) / HOUR) - 1 === quarter)).toBe(true);
    expect(drawMoment(1000, 0, 100 * HOUR, systemRandom)).toBe(1000);
  });

  it('is sent before the deadline also where the delay was chosen on a page that had been open for hours', () => {
    const deadline = 1000 + HOUR;
    const drawn = Array.from({ length: 400 }, () => drawMoment(1000, 24 * HOUR, deadline, systemRandom));
    expect(drawn.every((at) => at > 1000 && at <= deadline - 300)).toBe(true);
    expect(drawMoment(deadline - 200.5, HOUR, deadline, systemRandom)).toBe(deadline - 200.5);
  });

  describe('by a page that stays open', () => {
    let stage: Stage;
    let body: Body;
    const now = () => Date.now() / 1000;
    const DEADLINE = 7200;

    beforeAll(async () => {
      const start = Math.floor(now());
      stage = await setStage({ change: { openBy: start, deadline: start + DEADLINE } });
      body = bodyWithoutProof(stage, 0);
    });
    beforeEach(() => vi.useFakeTimers());
    afterEach(() => vi.useRealTimers());

    /** A platform that answers in turn with what is given, and remembers when it was asked. */
    function platform(...answers: ('away' | 'receipt' | 'refusal')[]) {
      const asked: number[] = [];
      const api = createApi('http://127.0.0.1:1', async () => {
        const answer = answers[asked.length] ?? 'receipt';
        asked.push(now());
        if (answer === 'away') throw new TypeError('fetch failed');
        if (answer === 'refusal') return Response.json({ error: { code: 'STATEMENT_CLOSED', message: 'Closed.' } }, { status: 409 });
        return Response.json({ receipt: signReceipt(stage.context, receiptedBy(body), Math.floor(now()), PLATFORM_SEED) }, { status: 201 });
      });
      return { api, asked };
    }
    const post = (api: ReturnType<typeof createApi>, at: number, signal?: AbortSignal) =>
      postLater(api, stage.context, body, { at, deadline: stage.context.statement.deadline, now }, signal ? { signal } : {});

    it('sends nothing before its moment', async () => {
      const { api, asked } = platform();
      const at = now() + 1200;
      const posting = post(api, at);
      await vi.advanceTimersByTimeAsync(1_199_000);
      expect(asked).toEqual([]);
      await vi.advanceTimersByTimeAsync(2000);
      expect(await posting).toMatchObject({ ok: true });
      expect(asked).toHaveLength(1);
      expect(asked[0]).toBeGreaterThanOrEqual(at);
    });

    it('asks a platform that is out of reach again and again, and not after the deadline', async () => {
      const away = Array.from({ length: 12 }, () => 'away' as const);
      const back = platform(...away);
      const posting = post(back.api, now());
      await vi.advanceTimersByTimeAsync(300_000);
      expect(await posting).toMatchObject({ ok: true });
      expect(back.asked).toHaveLength(13);
      const gone = platform(...Array.from({ length: 5000 }, () => 'away' as const));
      const late = post(gone.api, now());
      await vi.advanceTimersByTimeAsync(2 * DEADLINE * 1000);
      expect(await late).toMatchObject({ ok: false, code: 'NETWORK' });
      expect(gone.asked.at(-1)).toBeLessThanOrEqual(stage.context.statement.deadline);
    });

    it.each([
      [503, { error: { code: 'UNAVAILABLE', message: 'No database.' } }],
      [500, { error: { code: 'INTERNAL', message: 'Something.' } }],
      [502, 'Bad gateway'],
    ])('goes on asking a platform that is started again for longer than a request is patient: %j', async (status, answer) => {
      let asked = 0;
      const back = now() + 900;
      const api = createApi('http://127.0.0.1:1', async () => {
        asked++;
        if (now() < back) return Response.json(answer, { status, headers: status === 503 ? { 'Retry-After': '5' } : {} });
        return Response.json({ receipt: signReceipt(stage.context, receiptedBy(body), Math.floor(now()), PLATFORM_SEED) }, { status: 201 });
      });
      const posting = post(api, now());
      await vi.advanceTimersByTimeAsync(1_200_000);
      expect(await posting).toMatchObject({ ok: true });
      expect(asked).toBeGreaterThan(5);
    });

    it('tells once, before anything is sent, that it is on its way', async () => {
      const { api, asked } = platform('away', 'away');
      const told: number[] = [];
      const onSend = () => told.push(asked.length);
      const posting = postLater(api, stage.context, body, { at: now() + 60, deadline: stage.context.statement.deadline, now, onSend });
      await vi.advanceTimersByTimeAsync(59_000);
      expect(told).toEqual([]);
      await vi.advanceTimersByTimeAsync(60_000);
      expect([await posting, told]).toMatchObject([{ ok: true }, [0]]);
    });

    it('waits no longer where the clock is set back by an hour, as its owner was told, and tells so', async () => {
      const { api, asked } = platform();
      const told: number[] = [];
      const set = vi.fn(now);
      const times = { at: now() + 1200, deadline: stage.context.statement.deadline, now: set, onSetBack: (by: number) => told.push(by) };
      const posting = postLater(api, stage.context, body, times);
      await vi.advanceTimersByTimeAsync(600_000);
      set.mockImplementation(() => now() - HOUR);
      await vi.advanceTimersByTimeAsync(595_000);
      expect(asked).toEqual([]);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(asked).toHaveLength(1);
      expect(told.reduce((sum, by) => sum + by, 0)).toBeCloseTo(HOUR, -1);
      await posting;
    });

    it('sends nothing at all once it is discarded or left', async () => {
      const { api, asked } = platform();
      const leaving = new AbortController();
      const posting = post(api, now() + 600, leaving.signal).catch((error: unknown) => error);
      leaving.abort(new Error('left'));
      await vi.advanceTimersByTimeAsync(900_000);
      expect(await posting).toEqual(new Error('left'));
      expect(asked).toEqual([]);
    });

    it('hands on what the platform refuses', async () => {
      expect(await post(platform('refusal').api, now())).toMatchObject({ ok: false, code: 'STATEMENT_CLOSED' });
    });
  });

  it('is explained by what a watcher of the line sees at each cadence', () => {
    expect(describeWatcher(0)).toMatch(/they know that you have signed/);
    expect(describeWatcher(600)).toMatch(/within 10 minutes/);
    expect(describeWatcher(HOUR)).toMatch(/within an hour/);
    expect(describeWatcher(24 * HOUR)).toMatch(/within a day/);
  });
});
