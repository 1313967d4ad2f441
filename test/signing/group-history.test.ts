import { describe, expect, it } from 'vitest';
import { type RollHeader, rollHash } from '#lib/protocol/member/roll.ts';
import { checkCrowd, checkHistory, fetchHistory, lookAtCrowd, type Reach } from '#lib/signing/group-history.ts';
import { createGroup, forkRoll, nextRoll, systemRandom } from '../support/world.ts';

const names = (many: number) => Array.from({ length: many }, (_, i) => `Person ${i}`);
const first = createGroup('Pilots', names(9), systemRandom);
const second = nextRoll(first, first.members.slice(1), first.header.time + 86_400);
const history = [second.header, first.header];

describe('the history of a group', () => {
  it('holds when the newest roll is signed and each names the one before, down to the first', () => {
    expect(checkHistory(first.id, history)).toEqual({ ok: true, value: history });
    expect(checkHistory(first.id, [])).toMatchObject({ code: 'BAD_SHAPE' });
    expect(checkHistory('ab'.repeat(32), history)).toMatchObject({ code: 'BAD_GROUP' });
    expect(checkHistory(first.id, [{ ...second.header, size: 99 }, first.header])).toMatchObject({ code: 'ROLL_SIGNATURE' });
    expect(checkHistory(first.id, [second.header, { ...first.header, size: 99 }])).toMatchObject({ code: 'ROLL_CHAIN' });
    expect(checkHistory(first.id, [second.header])).toMatchObject({ code: 'ROLL_CHAIN' });
    expect(checkHistory(first.id, [second.header, forkRoll(first)])).toMatchObject({ code: 'ROLL_CHAIN' });
  });

  it('is read through a thousand rolls and four hundred days before the one that is meant, or to the first', async () => {
    const days = (many: number, apart: number) => {
      let last = first.header;
      const all = [last];
      for (let number = 2; number <= many; number++) {
        last = { ...last, number, previous: rollHash(last), time: last.time + apart };
        all.unshift(last);
      }
      const newest = nextRoll({ ...first, header: last }, first.members, last.time + apart).header;
      return [newest, ...all];
    };
    const lengthOf = async (all: RollHeader[], reach: Reach) => {
      const getGroup = async (_: string, { before = all.length + 1 }: { before?: number } = {}) => {
        const rolls = all.filter(({ number }) => number < before).slice(0, 100);
        const next = rolls.at(-1)?.number;
        return { id: first.id, group: first.header.group, rolls, ...(next && next > 1 ? { next } : {}) };
      };
      const history = await fetchHistory({ getGroup }, first.id, reach);
      return history.ok ? history.value.length : history.code;
    };
    const daily = days(1_500, 86_400);
    expect(await lengthOf(daily, {})).toBe(1_100);
    expect(await lengthOf(daily, { roll: 1_401 })).toBe(1_200);
    expect(await lengthOf(daily, { seen: 20 })).toBe(1_500);
    expect(await lengthOf(days(1_500, 864), {})).toBe(1_501); // a hundred a day: fifteen days hide nothing
    expect(checkHistory(first.id, daily.slice(0, 1_000))).toMatchObject({ code: 'ROLL_CHAIN' });
  });

  it('T73: lets nobody take part with a roll that others are not shown, or that is too small to hide them', async () => {
    expect(checkCrowd(first.header, history)).toEqual({ ok: true, value: [first.header] });
    expect(checkCrowd(second.header, history)).toEqual({ ok: true, value: history });
    expect(checkCrowd(forkRoll(second), history)).toMatchObject({ code: 'ROLL_UNLISTED' });
    expect(checkCrowd(second.header, [first.header])).toMatchObject({ code: 'ROLL_UNLISTED' });
    const few = nextRoll(first, first.members.slice(2), first.header.time + 86_400);
    expect(checkCrowd(few.header, [few.header, first.header])).toMatchObject({ code: 'GROUP_TOO_SMALL' });
    const getGroup = async () => ({ id: first.id, group: first.header.group, rolls: history });
    expect(await lookAtCrowd({ getGroup }, { group: first.id, header: forkRoll(second) })).toMatchObject({ code: 'ROLL_UNLISTED' });
  });
});
