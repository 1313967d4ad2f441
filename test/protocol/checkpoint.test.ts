import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCheckpoint, emptyBoard, headOf, isScheduled, nextCheckpointTime, signCheckpoint } from '#lib/protocol/board/checkpoint.ts';
import { readCheckpoint } from '#lib/protocol/board/reader.ts';
import { BASE } from '#lib/protocol/numbers/point.ts';
import type { Statement, StatementContext } from '#lib/protocol/statement/statement.ts';
import { inListedOrder, unprovenBody } from '../support/unproven-entries.ts';
import { PLATFORM_SEED } from '../support/world.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';

const { context } = createScene('board test', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
const [group] = [...context.sizes.keys()] as [string];
const hash = (i: number) => i.toString(16).padStart(64, '0');
const nothing = () => false;
const live = (count: number) => new Map([[group, count]]);
const scheduled = (change: Partial<Statement>): StatementContext => ({ ...context, statement: { ...context.statement, ...change } });
const hourly = scheduled({ cadence: 3600, mergeDelay: 7200 });

describe('a board', () => {
  it('T13: dates its checkpoints by its schedule: the cadence, or 300 s where a time of the cadence was missed', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(20_000), fc.nat(604_800), (before, passed, cadence) => {
        const { statement } = scheduled({ cadence, deadline: 2 ** 32 });
        const now = before + passed;
        const time = nextCheckpointTime(statement, before, now);
        if (time === null) return;
        expect([time > before, time <= now, now - time < 300]).toEqual([true, true, true]);
        expect(isScheduled(statement, before, time)).toBe(true);
        if (cadence > 0 && time % cadence !== 0) expect([time % 300, before < time - (time % cadence)]).toEqual([0, true]);
      }),
    );
  });

  it('T56: a platform that was away at a time of the schedule can publish within 300 s of its return', () => {
    const { statement } = hourly;
    const missed = 1_800_003_600;
    for (let away = 0; away < 3600; away += 7) {
      const time = nextCheckpointTime(statement, missed - 3600, missed + away);
      expect(time).not.toBeNull();
      const checkpoint = signCheckpoint(hourly, emptyBoard(hash(99)), { listed: [], live: live(0), time: time as number }, PLATFORM_SEED);
      expect(checkCheckpoint(hourly, { ...emptyBoard(hash(99)), time: missed - 3600 }, checkpoint, nothing).ok).toBe(true);
    }
    expect(nextCheckpointTime(statement, missed, missed + 900)).toBeNull(); // that time has its checkpoint: nothing until the next
  });

  it('T51: refuses a checkpoint between two times of the schedule, and one that is not later than the one before', () => {
    const head = { ...emptyBoard(hash(99)), time: 1_800_003_600 };
    const at = (time: number) =>
      checkCheckpoint(hourly, head, signCheckpoint(hourly, head, { listed: [hash(1)], live: live(1), time }, PLATFORM_SEED), nothing);
    expect(at(1_800_007_200).ok).toBe(true);
    for (const time of [1_800_007_201, 1_800_003_900, 1_800_003_600, 1_800_000_000])
      expect(at(time), String(time)).toMatchObject({ ok: false, code: 'CHECKPOINT_TIME' });
  });

  it('T9: grows by checkpoints that name the one before: nothing can be dropped, added or exchanged behind them', () => {
    let head = emptyBoard(hash(99));
    const lists = [[hash(1)], [], [hash(2), hash(3)]];
    const checkpoints = lists.map((listed, i) => {
      const checkpoint = signCheckpoint(context, head, { listed, live: live(1), time: 1_800_002_000 + i }, PLATFORM_SEED);
      head = headOf(checkpoint);
      return checkpoint;
    });
    let at = emptyBoard(hash(99));
    for (const checkpoint of checkpoints) {
      const { listed } = checkpoint;
      const withList = (changed: string[]) => checkCheckpoint(context, at, { ...checkpoint, listed: changed }, nothing);
      expect(withList([...listed, hash(7)]).ok).toBe(false);
      if (listed.length > 0) expect(withList(listed.slice(1)).ok).toBe(false);
      if (listed.length > 0) expect(withList(listed.with(0, hash(0))).ok).toBe(false);
      for (const other of checkpoints) expect(checkCheckpoint(context, at, other, nothing).ok).toBe(other === checkpoint);
      at = headOf(checkpoint);
    }
    expect(checkCheckpoint(context, emptyBoard(hash(98)), checkpoints[0], nothing)).toMatchObject({ code: 'CHECKPOINT_CHAIN' });
  });

  it('T9: keeps no body from the committee: not the last of a list, nor a signature together with its withdrawal', () => {
    const bodies = (['sign', 'sign', 'withdraw'] as const).map((action, i) => unprovenBody(context.id, i === 0 ? 1 : 2, { action, group }));
    const head = emptyBoard(hash(99));
    const content = { listed: bodies.map(({ listed }) => listed), live: live(1), time: 1_800_002_000 };
    const checkpoint = signCheckpoint(context, head, content, PLATFORM_SEED);
    const show = (shown: readonly unknown[]) =>
      readCheckpoint(context, { key: BASE }, { head, listed: new Set() }, { checkpoint, bodies: shown });
    const whole = inListedOrder(bodies);
    expect(show(whole).ok).toBe(true);
    for (const shown of [[], whole.slice(0, -1), whole.slice(1), whole.slice(0, 1), [...whole, whole[0]], whole.toReversed()])
      expect(show(shown)).toMatchObject({ ok: false, code: 'ENTRY_NOT_LISTED' });
  });

  it('lists no hash twice, in one checkpoint or in two', () => {
    const head = emptyBoard(hash(99));
    const twice = signCheckpoint(context, head, { listed: [hash(1), hash(1)], live: live(1), time: 1_800_002_000 }, PLATFORM_SEED);
    expect(checkCheckpoint(context, head, twice, nothing)).toMatchObject({ code: 'CHECKPOINT_LIST' });
    const once = signCheckpoint(context, head, { listed: [hash(1)], live: live(1), time: 1_800_002_000 }, PLATFORM_SEED);
    expect(checkCheckpoint(context, head, once, (one) => one === hash(1))).toMatchObject({ code: 'CHECKPOINT_LIST' });
  });

  it('T52: has live counts that its lists can explain, whoever reads it', () => {
    const head = { ...emptyBoard(hash(99)), live: [{ group, count: 3 }] };
    const withLive = (count: number) => {
      const content = { listed: [hash(1), hash(2)], live: live(count), time: 1_800_002_000 };
      return checkCheckpoint(context, head, signCheckpoint(context, head, content, PLATFORM_SEED), nothing);
    };
    for (const count of [1, 2, 3, 4, 5]) expect(withLive(count).ok).toBe(true);
    for (const count of [0, 6]) expect(withLive(count)).toMatchObject({ code: 'CHECKPOINT_LIVE' });
  });
});
