import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { KEYING_LIMITS } from '#lib/server/statements/keying-room.ts';
import { openStatement } from '#lib/server/statements/open.ts';
import {
  inventNames,
  openKeyedStatement,
  prepareStatement,
  publishGroup,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { type Committee, createGroup, systemRandom, type TestGroup } from '../support/world.ts';

const DAY = 86_400;
const YEAR = 365 * DAY;

describe('statements that wait for their committees (T20)', () => {
  let platform: TestPlatform;
  let groups: TestGroup[];
  let proven: Committee;
  beforeAll(async () => {
    platform = await startPlatform();
    groups = Array.from({ length: 5 }, (_, i) => createGroup(`Crew ${i}`, inventNames(8), systemRandom));
    for (const group of groups) await publishGroup(platform, group);
    proven = (await openKeyedStatement(platform, groups.slice(4), { count: 2 })).committee;
  });
  afterAll(() => platform?.stop());

  const open = (place: number, change: Partial<Statement> = {}, committee?: Committee) => {
    const { context } = prepareStatement(platform, [groups[place] as TestGroup], { count: 2 }, change, committee);
    return openStatement(platform.ctx, context.statement);
  };
  const codes = async (opened: Promise<unknown>[]) =>
    (await Promise.allSettled(opened)).map((one) => (one.status === 'fulfilled' ? 'taken' : (one.reason.code as string)));
  const count = (all: string[], code: string) => all.filter((one) => one === code).length;

  it('of trustees who have made no key here have a day and a half; known ones, who may be away, thirty', async () => {
    const later = { openBy: START + 2 * DAY, deadline: START + 40 * DAY };
    await expect(open(0, later)).rejects.toMatchObject({ code: 'BAD_TIMES', detail: expect.stringContaining('within 36 hours') });
    await open(0, later, proven);
    await expect(open(0, { ...later, openBy: START + 31 * DAY }, proven)).rejects.toMatchObject({ code: 'BAD_TIMES' });
  });

  it('end within five years', async () => {
    await expect(open(0, { deadline: START + 5 * YEAR + 2 * DAY })).rejects.toMatchObject({ code: 'BAD_TIMES' });
    await open(0, { deadline: START + 5 * YEAR - 2 * DAY });
  });

  it('share the room by groups, also when they come at once, and invented trustees keep no real ones out', async () => {
    const { all, ofGroup } = KEYING_LIMITS.unproven;
    const flood = await codes(Array.from({ length: ofGroup + 10 }, () => open(1)));
    expect([count(flood, 'taken'), count(flood, 'BUSY')]).toEqual([ofGroup, 10]);
    expect(await codes([open(1), open(1, {}, proven), open(2)])).toEqual(['BUSY', 'taken', 'taken']);
    const others = await codes([2, 3, 4].flatMap((place) => Array.from({ length: ofGroup }, () => open(place))));
    expect(count(others, 'taken')).toBe(all - ofGroup - 2); // one of group 0 and one of group 2 are there already
    expect(await codes([open(0), open(0, {}, proven)])).toEqual(['BUSY', 'taken']);
  });

  it('make room as soon as their keys are made or their time is over', async () => {
    platform.clock.now = START + 600;
    const { statement } = prepareStatement(platform, groups.slice(1, 2), { count: 2 }, { openBy: START + 700 }).context;
    expect(await codes([openStatement(platform.ctx, statement)])).toEqual(['taken']);
    platform.clock.now = START;
  });
});
