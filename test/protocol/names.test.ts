import { describe, expect, it } from 'vitest';
import { checkCapsules, type OpenedName } from '#lib/protocol/member/capsule.ts';
import { rollHash } from '#lib/protocol/member/roll.ts';
import { clearToken, membershipOf, tokenOf } from '#lib/protocol/member/token.ts';
import { formatPoint, type Point, type PointText } from '#lib/protocol/numbers/point.ts';
import { pointMeant } from '#lib/protocol/numbers/wire-point.ts';
import { createReading } from '#lib/protocol/record/reading.ts';
import { describeReading } from '#lib/protocol/record/summary.ts';
import { checkNames, countSignatures, lookUpNames, type Names, namesShape, seatOf } from '#lib/protocol/reveal/names.ts';
import { checkOpening, makeOpening } from '#lib/protocol/reveal/opening.ts';
import { takeTokens } from '#lib/protocol/reveal/tokens.ts';
import { seeded } from '../circuits/signer.ts';
import { createGroup, makeKey, type TestGroup } from '../support/world.ts';
import { createScene, PLAIN_SETUP } from './make-vectors/scene.ts';
import { authorOf, mixBy, shareOf, waveOf } from './reveal-scene.ts';

const random = seeded('names');
const STATEMENT = '5a'.repeat(32);
const WHO = ['Ada Lovelace', 'Žofie Nováková', '李小龍', 'Brian O’Neill'];
const group = createGroup('Sailors', WHO, random);
const tokenPoint = (of: TestGroup, i: number): Point => {
  const { identity, name } = of.members[i] as TestGroup['members'][0];
  return clearToken(tokenOf(membershipOf(identity, of.id), of.id, name).point);
};
const textOf = (i: number): PointText => formatPoint(tokenPoint(group, i));
const fileOf = ({ header, capsules }: Pick<TestGroup, 'header' | 'capsules'>) => {
  const file = checkCapsules(header, capsules);
  if (!file.ok) throw new Error(file.code);
  return file.value;
};
const tokens = [2, 0, 3].map(textOf);
const line = lookUpNames(fileOf(group), { statement: STATEMENT, wave: 1 }, tokens);
const check = (names: Names, of: readonly PointText[] = tokens, header = group.header) => checkNames(header, of, names);
const withFirst = (change: Partial<OpenedName>): Names => ({
  ...line,
  names: [{ ...line.names[0], ...change } as OpenedName, ...line.names.slice(1)],
});

describe('the names of opened tokens', () => {
  it('come out of a whole reveal: sealed, mixed, opened, looked up and checked', () => {
    const scene = createScene('whole reveal', { setup: PLAIN_SETUP, threshold: 2, size: 4, members: [5], trigger: { count: 3 } });
    const crew = scene.groups[0] as TestGroup;
    const key = makeKey(scene.context, scene.committee, random);
    const sealed = new Map([[crew.id, [3, 1, 4].map((i) => tokenPoint(crew, i))]]);
    const { setting } = waveOf(scene.context.id, key.keyed.key, sealed, random);
    const { end } = mixBy(setting, [authorOf(key, 4), authorOf(key, 2)], random);
    const partials = [1, 3].map((trustee) => {
      const opening = makeOpening(authorOf(key, trustee), key.keyed, shareOf(key, trustee), end, true, random);
      const cleared = checkOpening(key.keyed, end, opening);
      if (!cleared.ok) throw new Error(cleared.code);
      return { trustee, points: cleared.value.lists[0]?.points as Point[] };
    });
    const items = end.lists[0]?.items as readonly (readonly [Point, Point])[];
    const taken = takeTokens(
      items.map(([, C]) => pointMeant(C)),
      partials,
    ).map(formatPoint);
    const found = lookUpNames(fileOf(crew), { statement: scene.context.id, wave: 1 }, taken);
    const checked = checkNames(crew.header, taken, found);
    expect(checked.ok && checked.value.map(({ name }) => name).sort()).toEqual([3, 1, 4].map((i) => crew.members[i]?.name).sort());
  });

  it('stand in the order of the opened list, each with its place and path in the roll', () => {
    expect(namesShape.safeParse(line).success).toBe(true);
    expect(check(line)).toEqual({
      ok: true,
      value: [2, 0, 3].map((i) => ({ group: group.id, wave: 1, token: textOf(i), name: WHO[i] })),
    });
  });

  it('are refused for other tokens, in another order, one more or one less', () => {
    for (const of of [tokens.toReversed(), tokens.slice(1), [...tokens, textOf(1)], tokens.with(1, textOf(1))])
      expect(check(line, of)).toMatchObject({ code: 'NAMES_TOKENS' });
  });

  it('T44: are refused with another name, salt or sign: of one token comes one name', () => {
    const other = line.names[1] as OpenedName;
    for (const change of [{ name: 'Eve' }, { name: other.name, salt: other.salt }, { salt: other.salt }, { sign: 1 as const }])
      expect(check(withFirst(change))).toMatchObject({ code: 'NAME_UNPROVEN' });
  });

  it('T45: are refused where no capsule of the roll holds them', () => {
    const other = line.names[1] as OpenedName;
    for (const change of [{ blind: other.blind }, { index: other.index }, { path: other.path }, { path: [] }])
      expect(check(withFirst(change))).toMatchObject({ code: 'NAME_UNLISTED' });
    const { issuer, name } = group.header.group;
    const next = { ...group.header, number: 2, previous: rollHash(group.header), group: { issuer, name } };
    expect(check(line, tokens, next)).toMatchObject({ code: 'NAME_UNLISTED' });
  });

  it('T45: are missing where the issuer has left no capsule, and then count all the same', () => {
    const { header, capsules } = createGroup(
      'Sailors',
      WHO.slice(0, 2),
      random,
      group.members.slice(0, 2).map(({ identity }) => identity),
    );
    const partial = lookUpNames(fileOf({ header, capsules }), { statement: STATEMENT, wave: 1 }, tokens);
    expect(partial.names).toEqual(tokens.map((token) => ({ token })));
    const checked = checkNames(header, tokens, partial);
    expect(checked.ok && checked.value.map(({ name }) => name)).toEqual([null, null, null]);
  });

  it('T64: of one token are one name with several signatures, by group', () => {
    const name = (group: string, i: number) => ({ group, token: textOf(i) });
    const names = [name('a', 1), name('a', 2), name('a', 1), name('b', 1), name('a', 1)];
    expect([...countSignatures(names)]).toEqual([
      [names[0], 3],
      [names[1], 1],
      [names[3], 1],
    ]);
  });

  it('T64: are told apart from their signatures by a record too', () => {
    const reading = createReading({} as never, {} as never, {} as never, () => ({ lines: 0, hash: '' }));
    const add = (group: string, i: number, wave: number) => void reading.names.push({ group, wave, token: textOf(i), name: null });
    const equalTokens = () => describeReading(reading, { failures: [], failed: {} as never, checked: {} as never }).equalTokens;
    add('a', 1, 1);
    add('a', 2, 1);
    add('b', 1, 1);
    expect(equalTokens()).toBe(0);
    add('a', 1, 1);
    add('a', 1, 2);
    expect(equalTokens()).toBe(2);
  });

  it('are shown by a hash of their token, which follows neither list nor roll', () => {
    const seats = [0, 1, 2, 3].map((i) => seatOf(textOf(i)));
    expect(new Set(seats).size).toBe(4);
    expect([...seats].sort()).not.toEqual(seats);
  });
});
