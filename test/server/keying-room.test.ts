import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicKeyOf } from '#lib/protocol/messages/ed25519.ts';
import type { Statement } from '#lib/protocol/statement/statement.ts';
import { KEYING_LIMITS } from '#lib/server/statements/keying-room.ts';
import {
  inventNames,
  openKeyedStatement,
  openStatement,
  prepareStatement,
  publishGroup,
  START,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { type Committee, createCommittee, createGroup, systemRandom, type TestGroup } from '../support/world.ts';

const DAY = 86_400;
const YEAR = 365 * DAY;

const keysOf = ({ seeds }: Committee) => seeds.map(publicKeyOf);

describe('statements that wait for their committees (T20)', () => {
  let platform: TestPlatform;
  let groups: TestGroup[];
  let vouched: Committee;
  beforeAll(async () => {
    platform = await startPlatform();
    groups = Array.from({ length: 5 }, (_, i) => createGroup(`Crew ${i}`, inventNames(8), systemRandom));
    for (const group of groups) await publishGroup(platform, group);
    vouched = createCommittee(4, 2, systemRandom);
    const trustees = keysOf(vouched).map((key, i) => ({ name: `Trustee ${i + 1}`, contact: 'by post', key }));
    Object.assign(platform.ctx, { trustees });
  });
  afterAll(() => platform?.stop());

  const open = (place: number, change: Partial<Statement> = {}, committee?: Committee) => {
    const { context } = prepareStatement(platform, [groups[place] as TestGroup], { count: 2 }, change, committee);
    return openStatement(platform.ctx, context.statement);
  };
  const codes = async (opened: Promise<unknown>[]) =>
    (await Promise.allSettled(opened)).map((one) => (one.status === 'fulfilled' ? 'taken' : (one.reason.code as string)));
  const count = (all: string[], code: string) => all.filter((one) => one === code).length;

  it('of trustees whom nobody vouches for have a day and a half; others, who may be away, thirty', async () => {
    const later = { openBy: START + 2 * DAY, deadline: START + 40 * DAY };
    await expect(open(0, later)).rejects.toMatchObject({ code: 'BAD_TIMES', detail: expect.stringContaining('within 36 hours') });
    await open(0, later, vouched);
    await expect(open(0, { ...later, openBy: START + 31 * DAY }, vouched)).rejects.toMatchObject({ code: 'BAD_TIMES' });
  });

  it('cannot get thirty days by making a key with invented trustees', async () => {
    const { committee } = await openKeyedStatement(platform, groups.slice(0, 1), { count: 2 });
    await expect(open(0, { openBy: START + 2 * DAY, deadline: START + 40 * DAY }, committee)).rejects.toMatchObject({ code: 'BAD_TIMES' });
  });

  it('have thirty days with trustees whom the issuer of each of their groups recognises', async () => {
    const own = createCommittee(4, 2, systemRandom);
    const known = createGroup('Known crew', inventNames(8), systemRandom, undefined, keysOf(own));
    await publishGroup(platform, known);
    const change = { openBy: START + 2 * DAY, deadline: START + 40 * DAY };
    const openOn = (on: readonly TestGroup[]) =>
      openStatement(platform.ctx, prepareStatement(platform, on, { count: 2 }, change, own).context.statement);
    await openOn([known]);
    await expect(openOn([known, groups[0] as TestGroup])).rejects.toMatchObject({ code: 'BAD_TIMES' });
  });

  it('end within five years', async () => {
    await expect(open(0, { deadline: START + 5 * YEAR + 2 * DAY })).rejects.toMatchObject({ code: 'BAD_TIMES' });
    await open(0, { deadline: START + 5 * YEAR - 2 * DAY });
  });

  it('share the room by groups, also when they come at once, and invented trustees keep no real ones out', async () => {
    const { all, ofGroup } = KEYING_LIMITS.unvouched;
    const flood = await codes(Array.from({ length: ofGroup + 10 }, () => open(1)));
    expect([count(flood, 'taken'), count(flood, 'BUSY')]).toEqual([ofGroup, 10]);
    expect(await codes([open(1), open(1, {}, vouched), open(2)])).toEqual(['BUSY', 'taken', 'taken']);
    const others = await codes([2, 3, 4].flatMap((place) => Array.from({ length: ofGroup }, () => open(place))));
    expect(count(others, 'taken')).toBe(all - ofGroup - 2); // one of group 0 and one of group 2 are there already
    expect(await codes([open(0), open(0, {}, vouched)])).toEqual(['BUSY', 'taken']);
  });

  it('make room as soon as their keys are made or their time is over', async () => {
    platform.clock.now = START + 600;
    const { statement } = prepareStatement(platform, groups.slice(1, 2), { count: 2 }, { openBy: START + 700 }).context;
    expect(await codes([openStatement(platform.ctx, statement)])).toEqual(['taken']);
    platform.clock.now = START;
  });
});
